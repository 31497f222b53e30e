{{ config(materialized='view') }}

with final as (
    select
        order_id,
        cast(line_number as varchar) as line_key,
        product_id,
        'product' as line_type,
        quantity,
        line_amount
    from {{ ref('stg_shopify__order_lines') }}
    union all
    select
        shop_lines.order_id,
        cast(shop_lines.line_number as varchar) as line_key,
        shop_lines.product_id,
        coalesce(product_types.product_type, 'product') as line_type,
        shop_lines.quantity,
        shop_lines.line_amount
    from {{ ref('stg_shop__order_lines') }} as shop_lines
    left join {{ ref('shop_product_types') }} as product_types
        on shop_lines.product_code = product_types.product_code
    union all
    select
        order_id,
        cast(line_number as varchar) as line_key,
        product_id,
        'product' as line_type,
        quantity,
        line_amount
    from {{ ref('int_marketplace_lines_unioned') }}
)

select * from final
