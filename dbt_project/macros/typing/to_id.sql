{#- An id as text, from cleaned half-width text. Exports of Zoho put `zcrm_` before the number that
    its interface gives. What Excel damaged stays as it is, for staging to refuse. -#}
{% macro to_id(text) -%}
    regexp_replace({{ text }}, '^zcrm_', '')
{%- endmacro %}

{#- Whether Excel wrote a long number as a power of ten, so that it stands for many. A plus sign
    behind the `e`, or few digits before it: an id in hexadecimal digits may hold an `e` too. -#}
{% macro is_damaged_by_excel(text) -%}
    regexp_matches(
        {{ text }},
        '^[+]?([0-9.]+[eE][+]|[0-9]{1,3}([.][0-9]+)?[eE])[0-9]{1,3}$'
    )
{%- endmacro %}
