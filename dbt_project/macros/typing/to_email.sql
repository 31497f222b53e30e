{#- A lower-case address from cleaned text; null where it is no address or is masked. -#}
{% macro to_email(text) -%}
    case
        when regexp_matches(lower({{ text }}), '^[^@\s*]+@[^@\s*]+[.][^@\s*]+$')
            then lower({{ text }})
    end
{%- endmacro %}
