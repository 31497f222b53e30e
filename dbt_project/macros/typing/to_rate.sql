{#- A positive decimal with eight places from cleaned text: of a yen in yuan, four would leave
    three digits. Null where the text is not one positive number: nothing is exchanged at zero. -#}
{% macro to_rate(text) -%}
    case
        when
            regexp_matches({{ text }}, '^[+]?[0-9]{1,10}([.][0-9]+)?$')
            and try_cast({{ text }} as decimal(18, 8)) > 0
            then try_cast({{ text }} as decimal(18, 8))
    end
{%- endmacro %}
