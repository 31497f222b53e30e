{#- Whole days from one date to another; negative if the second one is earlier. -#}
{% macro days_between(first_date, last_date) -%}
    {{ dbt.datediff(first_date, last_date, 'day') | trim }}
{%- endmacro %}
