{#- A whole number from cleaned text; null where the text is not one. Commas that part thousands
    and a fraction of nothing (`3.0`) are decoration. -#}
{% macro to_integer(text) -%}
    case
        when
            regexp_matches(
                {{ text }}, '^[+-]?([0-9]+|[0-9]{1,3}(,[0-9]{3})+)([.]0+)?$'
            )
            then try_cast(replace(regexp_replace({{ text }}, '[.]0+$', ''), ',', '') as bigint)
    end
{%- endmacro %}
