{#- Whether a record of Fxiaoke was not voided; a record without a status is in order. -#}
{% macro is_live(life_status) -%}
    coalesce(lower({{ life_status }}), 'normal') not in ('invalid', '作废')
{%- endmacro %}

{#- Whether a record of Fxiaoke is in force: neither voided, nor under review or being changed. -#}
{% macro is_in_force(life_status) -%}
    coalesce(lower({{ life_status }}), 'normal') in ('normal', '正常')
{%- endmacro %}
