with orders as (
    select * from {{ ref('int_orders_unioned') }}
),

records as (
    select
        record_key,
        customer_id
    from {{ ref('int_customer_records_identified') }}
),

netted as (
    select
        orders.*,
        records.customer_id,
        cast(orders.gross_amount - orders.refund_amount as decimal(18, 2)) as net_amount
    from orders
    left join records on orders.record_key = records.record_key
),

final as (
    select
        order_id,
        source_system,
        source_order_id,
        customer_id,
        record_key,
        channel,
        ordered_at,
        order_date,
        currency,
        is_sale,
        is_cancelled,
        line_amount,
        gross_amount,
        refund_amount,
        net_amount,
        is_sale and not is_cancelled and net_amount > 0 as is_counted
    from netted
)

select * from final
