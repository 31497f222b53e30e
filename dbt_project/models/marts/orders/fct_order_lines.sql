{{ config(materialized='view') }}

with lines as (
    select
        *,
        order_id || ':' || line_key as order_line_id
    from {{ ref('int_order_lines_unioned') }}
),

final as (
    select
        order_line_id,
        order_id,
        customer_id,
        product_id,
        line_type,
        source_system,
        order_date,
        cast(quantity as decimal(18, 3)) as quantity,
        net_amount
    from lines
)

select * from final
