{#- A query over `relation`: `columns` of it, and one row per entry of the JSON object in its column
    `object`, as `label` and `value`, both text. Rows without an entry give none. -#}
{% macro json_object_entries(relation, object, columns) -%}
    {{ return(adapter.dispatch('json_object_entries')(relation, object, columns)) }}
{%- endmacro %}

{% macro duckdb__json_object_entries(relation, object, columns) -%}
    select
        {% for column in columns -%}
        opened.{{ column }},
        {% endfor -%}
        entry.label,
        opened.json_entries[entry.label] as value
    from (
        select
            {% for column in columns -%}
            {{ column }},
            {% endfor -%}
            cast(cast({{ object }} as json) as map(varchar, varchar)) as json_entries
        from {{ relation }}
    ) as opened
    cross join unnest(map_keys(opened.json_entries)) as entry (label)
{%- endmacro %}
