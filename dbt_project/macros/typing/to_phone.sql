{#- E.164 from cleaned text: `+` or `00` and the digits of an international number, or a mainland
    mobile with or without 86. Null where it is masked, damaged by Excel (E+) or no such number.
    `(0)` is dialled at home only, and `.0` is what is left of a cell that held a number. -#}
{% macro to_phone(text) -%}
    {%- set digits = "regexp_replace(regexp_replace(" ~ text
        ~ ", '[(（]0[)）]|[.]0$', '', 'g'), '[^0-9+]', '', 'g')" -%}
    {%- set number = "regexp_replace(regexp_replace(" ~ digits
        ~ ", '^00', '+'), '^([+]?86)?(1[3-9][0-9]{9})$', '+86\\2')" -%}
    case
        -- Most numbers are a mobile and nothing else.
        when regexp_matches({{ text }}, '^([+]?86)?1[3-9][0-9]{9}$')
            then '+86' || right({{ text }}, 11)
        when
            regexp_matches({{ text }}, '^[0-9+ ().（）·-]+$')
            and regexp_matches({{ number }}, '{{ phone_pattern() }}')
            then {{ number }}
    end
{%- endmacro %}

{#- An international number. Of 86 the lengths are known: a mobile, or an area (Beijing's is 10) and
    a landline; and of 1, which are ten digits. -#}
{% macro phone_pattern() -%}
    ^[+](86(1[3-9][0-9]{9}|10[0-9]{8}|[2-9][0-9]{8,10})|1[2-9][0-9]{9}
    {{- '|8[0-57-9][0-9]{5,13}|[2-79][0-9]{6,14})$' -}}
{%- endmacro %}

{#- Why there is a number or none: usable, missing, masked, damaged_by_excel or not_a_phone. -#}
{% macro to_phone_state(text) -%}
    case
        when {{ text }} is null then 'missing'
        when {{ to_phone(text) }} is not null then 'usable'
        when {{ is_damaged_by_excel(text) }} then 'damaged_by_excel'
        when {{ is_masked(text) }} then 'masked'
        else 'not_a_phone'
    end
{%- endmacro %}

{#- Whether a platform has hidden part of the value: stars or the like, a cipher text behind ## or
    $$, or a run of x between digits. -#}
{% macro is_masked(text) -%}
    regexp_matches({{ text }}, '[*•●×]|##|\$\$|[0-9][xX]{2,}[0-9]')
{%- endmacro %}
