{#- A status as it compares: platforms write the same one with commas and brackets of either width,
    and with or without blanks behind them. -#}
{% macro to_status(text) -%}
    replace({{ to_half_width(text) | trim }}, ' ', '')
{%- endmacro %}
