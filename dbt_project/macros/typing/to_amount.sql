{#- A signed decimal with four places from cleaned text; null where the text is not one number.
    A currency sign and thousands commas are decoration; an exponent is damage, not a number. -#}
{% macro to_amount(text) -%}
    case
        when regexp_matches({{ text }}, '{{ amount_pattern() }}')
            then try_cast(translate({{ text }}, ',¥￥$£€', '') as decimal(18, 4))
    end
{%- endmacro %}

{#- Sign, currency, digits that commas may part by thousands, and a fraction. -#}
{% macro amount_pattern() -%}
    ^[+-]?[¥￥$£€]?([0-9]+|[0-9]{1,3}(,[0-9]{3})+)([.][0-9]+)?$
{%- endmacro %}
