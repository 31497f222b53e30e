{#- Whole years from one date to another, as birthdays count them: as numbers yyyymmdd, the
    difference of two dates, without its last four digits, is a number of whole years. -#}
{% macro full_years_between(earlier, later) -%}
    cast(
        floor(({{ calendar_number(later) }} - {{ calendar_number(earlier) }}) / 10000) as integer
    )
{%- endmacro %}

{#- A date as the number yyyymmdd. -#}
{% macro calendar_number(date) -%}
    (
        extract(year from {{ date }}) * 10000
        + extract(month from {{ date }}) * 100
        + extract(day from {{ date }})
    )
{%- endmacro %}
