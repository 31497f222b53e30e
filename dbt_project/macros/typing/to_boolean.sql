{#- True or false from cleaned text as exports write them; null for anything else. -#}
{% macro to_boolean(text) -%}
    case
        when lower({{ text }}) in ('true', '1', 'yes', 'y', '是') then true
        when lower({{ text }}) in ('false', '0', 'no', 'n', '否') then false
    end
{%- endmacro %}
