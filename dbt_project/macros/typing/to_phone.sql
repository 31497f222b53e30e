{#- E.164 from cleaned text: `+` and the digits of an international number, or a mainland mobile
    with or without 86. Null where it is masked, damaged by Excel (E+) or no such number. -#}
{% macro to_phone(text) -%}
    {%- set digits = "regexp_replace(" ~ text ~ ", '[^0-9+]', '', 'g')" -%}
    case
        when regexp_matches({{ text }}, '[*#A-Za-z]') then null
        when regexp_matches({{ digits }}, '^([+]86|0086|86)?1[3-9][0-9]{9}$')
            then '+86' || right({{ digits }}, 11)
        when regexp_matches({{ digits }}, '^[+][1-9][0-9]{6,14}$') then {{ digits }}
    end
{%- endmacro %}
