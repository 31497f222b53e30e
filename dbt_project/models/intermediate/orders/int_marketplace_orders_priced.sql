{{ config(materialized='view') }}

with lines as (
    select
        order_id,
        sum(line_amount) as line_amount
    from {{ ref('int_marketplace_lines_unioned') }}
    group by order_id
),

priced as (
    select
        orders.*,
        true as is_sale,
        coalesce(lines.line_amount, 0) as line_amount
    from {{ ref('int_marketplace_orders_unioned') }} as orders
    left join lines on orders.order_id = lines.order_id
),

-- In the order of int_orders_unioned, which puts it below the others.
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
        line_amount,
        gross_amount as order_amount,
        refund_amount as refunded_amount,
        is_cancelled,
        is_sale,
        is_paid
    from priced
)

select * from final
