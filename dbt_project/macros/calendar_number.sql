{#- A date as the number yyyymmdd: the difference of two, without its last four digits, is a number
    of whole years. -#}
{% macro calendar_number(date) -%}
    (
        extract(year from {{ date }}) * 10000
        + extract(month from {{ date }}) * 100
        + extract(day from {{ date }})
    )
{%- endmacro %}
