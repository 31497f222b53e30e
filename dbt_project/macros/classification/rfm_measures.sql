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

{#- Methods of scoring. `r_fm` has the break points of `quantile` and takes the mean of F and M. -#}
{% macro rfm_methods() -%}
    {{ return(['quantile', 'fixed', 'high_low', 'r_fm']) }}
{%- endmacro %}

{#- Value of a var that has to be one of a list; another one stops the parse and names both. -#}
{% macro one_of(name, allowed) -%}
    {%- set chosen = var(name) -%}
    {%- if chosen not in allowed -%}
        {{ exceptions.raise_compiler_error(
            'dbt_project.yml, vars: ' ~ name ~ ' is ' ~ (allowed | join(', ')) ~ ', not ' ~ chosen
        ) }}
    {%- endif -%}
    {{ return(chosen) }}
{%- endmacro %}

{% macro rfm_method() -%}
    {{ return(one_of('rfm_method', rfm_methods())) }}
{%- endmacro %}

{% macro rfm_bins() -%}
    {{ return(one_of('rfm_bins', [3, 4, 5, 10])) }}
{%- endmacro %}

{#- Scores of a method. A method that knows but high and low has two. -#}
{% macro rfm_bins_of(method) -%}
    {{ return(2 if method == 'high_low' else rfm_bins()) }}
{%- endmacro %}

{#- The three scores as digits; with ten scores there are dashes in between. -#}
{% macro rfm_cell_name(bins, r, f, m) -%}
    {%- set dash = " || '-' || " if bins > 9 else ' || ' -%}
    cast({{ r }} as varchar){{ dash }}cast({{ f }} as varchar){{ dash }}cast({{ m }} as varchar)
{%- endmacro %}

{#- What decides a class beside the break points. Where it changed since last night, the rules
    moved and not the customers. -#}
{% macro rfm_rules() -%}
    {{ return([
        rfm_method(), rfm_bins(), var('rfm_window_days'), var('rfm_type_limit'),
    ] | join('|')) }}
{%- endmacro %}
