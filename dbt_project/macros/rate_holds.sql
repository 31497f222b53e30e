{#- Whether a row of `rates`, of stg_reference__rate_periods, is the rate of a currency on a day. -#}
{% macro rate_holds(currency, day) -%}
    {{ currency }} = rates.from_currency
            and {{ day }} >= rates.valid_from_date
            and {{ day }} < rates.valid_until_date
{%- endmacro %}
