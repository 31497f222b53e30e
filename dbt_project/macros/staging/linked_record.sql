{#- The id that a lookup of Zoho holds. Labels come in pairs, `<label>.id` with the id and `<label>`
    with the name; a Bulk Read file has one column, and in it the bare id. -#}
{% macro linked_record_id(lookup) -%}
    coalesce(
            {{ lookup }}_id,
            case when {{ is_record_id(lookup ~ '_name') }} then {{ lookup }}_name end
        )
{%- endmacro %}

{#- The name that a lookup of Zoho holds; null where a bare id stands in its place. -#}
{% macro linked_record_name(lookup) -%}
    case when not {{ is_record_id(lookup ~ '_name') }} then {{ lookup }}_name end
{%- endmacro %}

{#- Whether a text is an id of Zoho without its prefix. -#}
{% macro is_record_id(text) -%}
    regexp_matches({{ text }}, '^[0-9]{16,19}$')
{%- endmacro %}
