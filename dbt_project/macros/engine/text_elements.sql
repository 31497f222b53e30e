{#- The parts of a text between commas or semicolons, Chinese ones too, each in a row of its own,
    for a select list. No text gives no row. -#}
{% macro text_elements(text) -%}
    {{ return(adapter.dispatch('text_elements')(text)) }}
{%- endmacro %}

{% macro duckdb__text_elements(text) -%}
    unnest(string_split(translate({{ text }}, '，;；、', ',,,,'), ','))
{%- endmacro %}
