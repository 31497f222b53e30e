{#- Whether a row of `rates` (stg_reference__rate_periods) is a currency's rate on a day. -#}
{% macro rate_holds(currency, day) -%}
    {{ currency }} = rates.from_currency
            and {{ day }} >= rates.valid_from_date
            and {{ day }} < rates.valid_until_date
{%- endmacro %}
