{#- Text of the first element that is called `key` in a JSON array of {"key": ..., "value": {...}},
    where its value stands under `member`; null where there is none, or no such array. -#}
{% macro json_keyed_text(array, key, member) -%}
    {{ return(adapter.dispatch('json_keyed_text')(array, key, member)) }}
{%- endmacro %}

{% macro duckdb__json_keyed_text(array, key, member) -%}
    json_extract_string(
        list_filter(
            try_cast(try_cast({{ array }} as json) as json[]),
            lambda element: json_extract_string(element, '$.key') = '{{ key }}'
        )[1],
        '$.value.{{ member }}'
    )
{%- endmacro %}
