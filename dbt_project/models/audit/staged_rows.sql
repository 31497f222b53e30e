{{ config(materialized='view') }}

{%- set bases = {
    'fxiaoke.customers': ref('base_fxiaoke__customers'),
    'shop.order_lines': ref('base_shop__order_lines'),
    'shopify.orders': ref('base_shopify__orders'),
    'zoho.contacts': ref('base_zoho__contacts'),
} -%}
with final as (
    {% for source_name, base in bases.items() -%}
    select
        '{{ source_name }}' as source_name,
        _file as file_name,
        _file_id as file_id,
        _row as file_row,
        _landed_for as landed_for_date,
        outcome,
        rejected_column,
        rejected_reason,
        case when outcome = 'rejected' then raw_text end as raw_text
    from {{ base }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select * from final
