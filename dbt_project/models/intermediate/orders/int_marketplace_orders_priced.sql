with lines as (
    select
        order_id,
        sum(line_amount) as line_amount
    from {{ ref('int_marketplace_lines_unioned') }}
    group by order_id
),

final as (
    select
        orders.order_id,
        orders.source_system,
        orders.source_order_id,
        orders.channel,
        orders.record_key,
        orders.ordered_at,
        orders.order_date,
        orders.currency,
        coalesce(lines.line_amount, 0) as line_amount,
        orders.gross_amount as order_amount,
        orders.refund_amount as refunded_amount,
        orders.is_cancelled,
        true as is_sale,
        orders.is_paid
    from {{ ref('int_marketplace_orders_unioned') }} as orders
    left join lines on orders.order_id = lines.order_id
)

select * from final
