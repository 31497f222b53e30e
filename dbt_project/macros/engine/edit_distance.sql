{#- Letters to put in, take out, replace or swap with their neighbour until two texts are equal. -#}
{% macro edit_distance(one, other) -%}
    {{ return(adapter.dispatch('edit_distance')(one, other)) }}
{%- endmacro %}

{% macro duckdb__edit_distance(one, other) -%}
    damerau_levenshtein({{ one }}, {{ other }})
{%- endmacro %}
