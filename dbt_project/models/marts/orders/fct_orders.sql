{{ config(materialized='view') }}

with final as (
    select
        order_id,
        customer_id,
        source_system,
        source_order_id,
        channel,
        order_date,
        ordered_at,
        is_counted,
        is_cancelled,
        gross_amount,
        refund_amount,
        net_amount,
        original_currency,
        original_gross_amount,
        original_net_amount
    from {{ ref('int_orders_identified') }}
)

select * from final
