with lines as (
    select
        shop_lines.*,
        coalesce(product_types.is_sale, true) as is_sale
    from {{ ref('stg_shop__order_lines') }} as shop_lines
    left join {{ ref('shop_product_types') }} as product_types
        on shop_lines.product_code = product_types.product_code
),

shop as (
    select
        order_id,
        'shop' as source_system,
        source_order_id,
        'shop' as channel,
        'shop:' || max(coalesce(source_customer_id, email, phone)) as record_key,
        min(ordered_at) as ordered_at,
        min(order_date) as order_date,
        max(currency) as currency,
        sum(line_amount) as line_amount,
        sum(line_amount) as order_amount,
        cast(0 as decimal(18, 2)) as refunded_amount,
        max(lower(order_status)) in (
            select statuses.order_status from {{ ref('cancelled_statuses') }} as statuses
        ) as is_cancelled,
        bool_or(is_sale) as is_sale,
        true as is_paid
    from lines
    group by order_id, source_order_id
),

shopify_lines as (
    select
        order_id,
        sum(line_amount) as line_amount
    from {{ ref('stg_shopify__order_lines') }}
    group by order_id
),

shopify as (
    select
        orders.order_id,
        'shopify' as source_system,
        orders.source_order_id,
        orders.channel,
        'shopify:' || coalesce(orders.email, orders.phone) as record_key,
        orders.created_at as ordered_at,
        orders.order_date,
        orders.currency,
        shopify_lines.line_amount,
        orders.total_amount as order_amount,
        orders.refunded_amount,
        orders.is_cancelled,
        true as is_sale,
        true as is_paid
    from {{ ref('stg_shopify__orders') }} as orders
    inner join shopify_lines on orders.order_id = shopify_lines.order_id
),

marketplaces as (
    select * from {{ ref('int_marketplace_orders_priced') }}
),

unioned as (
    select * from shop
    union all
    select * from shopify
    union all
    select * from marketplaces
),

final as (
    select
        order_id,
        source_system,
        source_order_id,
        channel,
        record_key,
        ordered_at,
        order_date,
        currency,
        is_sale,
        is_paid,
        cast(line_amount as decimal(18, 2)) as line_amount,
        -- A document that is negative as a whole is a credit: it sells nothing and gives back.
        cast(greatest(order_amount, 0) as decimal(18, 2)) as gross_amount,
        cast(
            case
                when coalesce(is_cancelled, false) then greatest(order_amount, 0)
                else refunded_amount - least(order_amount, 0)
            end as decimal(18, 2)
        ) as refund_amount,
        coalesce(is_cancelled, false) as is_cancelled
    from unioned
)

select * from final
