with night as (
    select * from {{ ref('stg_strata__night') }}
),

customers as (
    select customer_id from {{ ref('int_customers_folded') }}
),

orders as (
    select
        orders.customer_id,
        orders.order_date,
        orders.net_amount,
        orders.is_counted,
        {% if var('rfm_window_days') is none -%}
        true
        {%- else -%}
        orders.order_date
        > {{ dbt.dateadd('day', -1 * var('rfm_window_days'), 'night.as_of_date') }}
        {%- endif %} as is_in_window
    from {{ ref('int_orders_identified') }} as orders
    cross join night
    where orders.customer_id is not null
),

measured as (
    select
        customer_id,
        min(order_date) filter (where is_counted) as first_order_date,
        max(order_date) filter (where is_counted) as last_order_date,
        count(*) filter (where is_counted) as orders_ever,
        sum(net_amount) as net_amount_ever,
        count(*) filter (where is_counted and is_in_window) as order_count,
        sum(net_amount) filter (where is_in_window) as net_amount
    from orders
    group by customer_id
),

final as (
    select
        customers.customer_id,
        measured.first_order_date,
        measured.last_order_date,
        cast(
            {{ days_between('measured.last_order_date', 'night.as_of_date') }} as integer
        ) as recency_days,
        cast(coalesce(measured.order_count, 0) as integer) as order_count,
        cast(coalesce(measured.net_amount, 0) as decimal(18, 2)) as net_amount,
        cast(coalesce(measured.orders_ever, 0) as integer) as orders_ever,
        cast(coalesce(measured.net_amount_ever, 0) as decimal(18, 2)) as net_amount_ever,
        measured.last_order_date is not null as is_scored
    from customers
    cross join night
    left join measured on customers.customer_id = measured.customer_id
)

select * from final
