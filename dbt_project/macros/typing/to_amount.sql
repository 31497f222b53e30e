{#- A signed decimal with four places from cleaned text; null where the text is not one amount.
    A currency before or behind it, thousands commas and one note in brackets are decoration; an
    exponent is damage, and brackets around the number mean one thing here and another there. -#}
{% macro to_amount(text) -%}
    case
        -- Most amounts are a number and nothing else.
        when regexp_matches({{ text }}, '^[0-9]+([.][0-9]+)?$')
            then try_cast({{ text }} as decimal(18, 4))
        when regexp_matches({{ text }}, '{{ amount_pattern() }}')
            then try_cast(
                case when regexp_matches({{ text }}, '^[^0-9]*-') then '-' else '' end
                || replace(regexp_extract({{ text }}, '[0-9][0-9,]*([.][0-9]+)?', 0), ',', '')
                as decimal(18, 4)
            )
    end
{%- endmacro %}

{#- Sign, currency, digits that commas may part by thousands, a fraction, currency, a note. -#}
{% macro amount_pattern() -%}
    ^([+-]? ?{{ currency_pattern() }}? ?|{{ currency_pattern() }} ?[+-])
    {{- '([0-9]+|[0-9]{1,3}(,[0-9]{3})+)([.][0-9]+)? ?' -}}
    {{- currency_pattern() -}}? ?([(（][^()（）]*[)）])?$
{%- endmacro %}

{#- The currencies that exports name beside an amount; which one it is, another column says. -#}
{% macro currency_pattern() -%}
    (¥|￥|US\$|HK\$|\$|£|€|CNY|RMB|USD|EUR|GBP|HKD|JPY|人民币|元|圆|円)
{%- endmacro %}
