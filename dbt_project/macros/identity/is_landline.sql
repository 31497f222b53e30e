{#- Whether an E.164 number is a mainland landline: an area code where a mobile has 13 to 19. -#}
{% macro is_landline(phone) -%}
    regexp_matches({{ phone }}, '^[+]86([2-9]|10)')
{%- endmacro %}
