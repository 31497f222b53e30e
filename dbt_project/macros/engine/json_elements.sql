{#- The elements of a JSON array, each as JSON text and in a row of its own, for a select list.
    A text that is no array, like none at all, gives no row. -#}
{% macro json_elements(array) -%}
    {{ return(adapter.dispatch('json_elements')(array)) }}
{%- endmacro %}

{% macro duckdb__json_elements(array) -%}
    cast(unnest(try_cast(try_cast({{ array }} as json) as json[])) as varchar)
{%- endmacro %}
