{#- Whether an E.164 number is a mainland landline: an area code instead of a mobile's 1. -#}
{% macro is_landline(phone) -%}
    regexp_matches({{ phone }}, '^[+]86[2-9]')
{%- endmacro %}
