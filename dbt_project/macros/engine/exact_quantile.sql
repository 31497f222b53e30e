{#- The value that a share of the rows does not exceed, interpolated between its two neighbours.
    Engines have it under several names, and some answer the standard one with an estimate.
    Four places hold every break point between two amounts of money; what follows is noise. -#}
{% macro exact_quantile(number, share) -%}
    {{ return(adapter.dispatch('exact_quantile')(number, share)) }}
{%- endmacro %}

{% macro duckdb__exact_quantile(number, share) -%}
    round(percentile_cont({{ share }}) within group (order by {{ number }}), 4)
{%- endmacro %}
