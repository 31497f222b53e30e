{#- A name that a form with two fields joined, the given name in front, as shops abroad do: of two
    Chinese words of which only the second can be a family name, that one comes first. Where both
    can be, nothing tells which of them is one, and the name is null. Other names stay. -#}
{% macro family_name_first(name) -%}
    {%- set words = "^([一-鿿]{1,2}) +([一-鿿]{1,2})$" -%}
    {%- set family = "([" ~ single_family_names() ~ "]|" ~ compound_family_names() ~ ")" -%}
    case
        when not regexp_matches({{ name }}, '{{ words }}') then {{ name }}
        when regexp_matches({{ name }}, '^{{ family }} +{{ family }}$') then null
        when regexp_matches({{ name }}, ' {{ family }}$')
            then regexp_replace({{ name }}, '{{ words }}', '\2\1')
        else {{ name }}
    end
{%- endmacro %}
