{#- What typed_files tells of orders that have a base model of their own; `day`: when a row of it,
    `known`, was ordered. -#}
{% macro order_files(system, table, day) -%}
    {%- if is_unit_test() -%}{{ return(none) }}{%- endif -%}
    {{ return(typed_files(
        source(system, table),
        rates=ref('stg_reference__rate_periods'),
        currency='known.currency',
        day=day
    )) }}
{%- endmacro %}
