with orders as (
    select
        order_id,
        customer_id,
        source_system,
        order_date,
        exchange_rate,
        is_counted,
        gross_amount,
        net_amount
    from {{ ref('int_orders_identified') }}
),

products as (
    select
        orders.order_id,
        orders.customer_id,
        orders.source_system,
        orders.order_date,
        orders.is_counted,
        sold.line_key,
        sold.product_id,
        sold.line_type,
        sold.quantity,
        cast(round(sold.line_amount * orders.exchange_rate, 2) as decimal(18, 2)) as net_amount
    from {{ ref('int_sold_lines_unioned') }} as sold
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
        orders.*,
        coalesce(lined.line_amount, 0) as line_amount,
        case
            when orders.gross_amount > 0 or lined.line_amount > 0
                then orders.gross_amount - coalesce(lined.line_amount, 0)
            else 0
        end as charges_amount
    from orders
    left join lined on orders.order_id = lined.order_id
),

-- The last is what was given back of the order, by refund or by cancellation.
{% for line, amount in [
    ('charges', 'charges_amount'),
    ('refund', 'net_amount - line_amount - charges_amount'),
] -%}
{{ line }} as (
    select
        order_id,
        customer_id,
        source_system,
        order_date,
        is_counted,
        '{{ line }}' as line_key,
        cast(null as varchar) as product_id,
        '{{ line }}' as line_type,
        cast(null as decimal(18, 4)) as quantity,
        {{ amount }} as net_amount
    from charged
    where {{ amount }} != 0
),

{% endfor -%}
unioned as (
    select * from products
    union all
    select * from charges
    union all
    select * from refund
),

final as (
    select
        order_id,
        line_key,
        customer_id,
        product_id,
        line_type,
        source_system,
        order_date,
        is_counted,
        quantity,
        cast(net_amount as decimal(18, 2)) as net_amount
    from unioned
)

select * from final
