{#- What typed_files tells of the orders that have base models of their own. -#}
{% macro shop_order_files() -%}
    {%- if is_unit_test() -%}{{ return(none) }}{%- endif -%}
    {{ return(typed_files(
        source('shop', 'order_lines'),
        rates=ref('stg_reference__rate_periods'),
        currency='known.currency',
        day='cast(known.ordered_local_at as date)'
    )) }}
{%- endmacro %}

{% macro shopify_order_files() -%}
    {%- if is_unit_test() -%}{{ return(none) }}{%- endif -%}
    {{ return(typed_files(
        source('shopify', 'orders'),
        rates=ref('stg_reference__rate_periods'),
        currency='known.currency',
        day='known.order_date'
    )) }}
{%- endmacro %}
