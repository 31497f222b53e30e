{#- The measures of RFM, each with the column of int_customer_orders_measured that holds it. -#}
{% macro rfm_measures() -%}
    {{ return({
        'recency': 'recency_days', 'frequency': 'order_count', 'monetary': 'net_amount',
    }) }}
{%- endmacro %}

{#- The limit between the low and the high side of a measure; `kind` is mean or median. The sum is
    decimal: that of doubles would depend on the order of the rows. -#}
{% macro rfm_middle(column, kind) -%}
    {%- if kind == 'mean' -%}
        round(cast(sum(cast({{ column }} as decimal(38, 4))) / count(*) as double), 4)
    {%- elif kind == 'median' -%}
        {{ exact_quantile('cast(' ~ column ~ ' as double)', 0.5) }}
    {%- else -%}
        {{ exceptions.raise_compiler_error('rfm_type_limit is mean or median, not ' ~ kind) }}
    {%- endif -%}
{%- endmacro %}
