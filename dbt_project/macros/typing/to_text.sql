{#- Text without guards against Excel (`="…"`, a leading apostrophe, tabs) and without spaces
    around it; null where nothing, or only a token for nothing, is left. -#}
{% macro to_text(column) -%}
    {%- set bare = "trim(replace(" ~ column ~ ", chr(9), ' '))" -%}
    {%- set unquoted = "regexp_replace(" ~ bare ~ ", '^=\"(.*)\"$', '\\1')" -%}
    {%- set unguarded = "regexp_replace(" ~ unquoted ~ ", '^''', '')" -%}
    case
        when lower(trim({{ unguarded }})) not in ('', '-', '--', '——', 'null', 'n/a', '无')
            then trim({{ unguarded }})
    end
{%- endmacro %}
