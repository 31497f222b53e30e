{#- The text columns of a landed row, joined, as the raw text of a rejected row. -#}
{% macro raw_record(columns) -%}
    concat_ws(
        ',',
        {% for column in columns -%}
        coalesce({{ column }}, ''){{ ',' if not loop.last }}
        {% endfor %}
    )
{%- endmacro %}
