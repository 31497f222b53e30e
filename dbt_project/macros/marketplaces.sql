{#- The marketplaces whose staging has the common shape of orders and lines, in order of name. -#}
{% macro marketplaces() -%}
    {{ return(['douyin', 'jd', 'taobao', 'youzan']) }}
{%- endmacro %}
