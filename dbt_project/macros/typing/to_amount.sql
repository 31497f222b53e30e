{#- A signed decimal with four places from cleaned text; null where the text is not one number.
    A currency sign and thousands commas are decoration; an exponent is damage, not a number. -#}
{% macro to_amount(text) -%}
    case
        when regexp_matches({{ text }}, '^[+-]?[¥￥$£€]?[0-9][0-9,]*([.][0-9]+)?$')
            then try_cast(translate({{ text }}, ',¥￥$£€', '') as decimal(18, 4))
    end
{%- endmacro %}
