with orders as (
    select * from {{ ref('int_orders_identified') }}
),

sold as (
    select * from {{ ref('int_sold_lines_unioned') }}
),

products as (
    select
        sold.order_id,
        sold.line_key,
        sold.product_id,
        sold.line_type,
        sold.quantity,
        cast(round(sold.line_amount * orders.exchange_rate, 2) as decimal(18, 2)) as net_amount
    from sold
    inner join orders on sold.order_id = orders.order_id
),

lined as (
    select
        order_id,
        sum(net_amount) as line_amount
    from products
    group by order_id
),

-- Shipping, taxes and discounts of the whole order: what its lines do not explain of its total.
charged as (
    select
        orders.order_id,
        orders.net_amount,
        coalesce(lined.line_amount, 0) as line_amount,
        case
            when orders.gross_amount > 0 or lined.line_amount > 0
                then orders.gross_amount - coalesce(lined.line_amount, 0)
            else 0
        end as charges_amount
    from orders
    left join lined on orders.order_id = lined.order_id
),

charges as (
    select
        order_id,
        'charges' as line_key,
        cast(null as varchar) as product_id,
        'charges' as line_type,
        cast(null as decimal(18, 4)) as quantity,
        charges_amount as net_amount
    from charged
    where charges_amount != 0
),

-- What was given back of the order, by refund or by cancellation.
refunds as (
    select
        order_id,
        'refund' as line_key,
        cast(null as varchar) as product_id,
        'refund' as line_type,
        cast(null as decimal(18, 4)) as quantity,
        net_amount - line_amount - charges_amount as net_amount
    from charged
    where net_amount != line_amount + charges_amount
),

unioned as (
    select * from products
    union all
    select * from charges
    union all
    select * from refunds
),

final as (
    select
        unioned.order_id,
        orders.customer_id,
        unioned.product_id,
        unioned.line_type,
        orders.source_system,
        orders.order_date,
        unioned.quantity,
        cast(unioned.net_amount as decimal(18, 2)) as net_amount,
        unioned.order_id || ':' || unioned.line_key as order_line_id
    from unioned
    inner join orders on unioned.order_id = orders.order_id
)

select * from final
