with base as (
    select *
    from {{ ref('base_shopify__orders') }}
    where outcome = 'kept'
),

orders as (
    select * from {{ ref('stg_shopify__orders') }}
),

final as (
    select
        orders.order_id,
        orders.created_at as ordered_at,
        orders.order_date,
        base.line_name as product_name,
        base.vendor as brand,
        base.quantity,
        cast(
            round(base.quantity * base.unit_price - coalesce(base.line_discount, 0), 2)
            as decimal(18, 2)
        ) as line_amount,
        row_number() over (partition by orders.order_id order by base._row) as line_number,
        'shopify:' || coalesce(base.sku, base.line_name) as product_id
    from base
    inner join orders on base.order_name = orders.order_name
)

select * from final
