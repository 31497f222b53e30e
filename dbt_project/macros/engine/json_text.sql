{#- Text of a member of a JSON object, of an element such as `[0].id` of an array or, without a
    name, of the value itself: numbers as written, texts without their quotes. Null where there is
    no such member, or a null. -#}
{% macro json_text(value, member='') -%}
    {{ return(adapter.dispatch('json_text')(value, member)) }}
{%- endmacro %}

{% macro duckdb__json_text(value, member) -%}
    {%- set path = member if member.startswith('[') or not member else '.' ~ member -%}
    json_extract_string({{ value }}, '${{ path }}')
{%- endmacro %}
