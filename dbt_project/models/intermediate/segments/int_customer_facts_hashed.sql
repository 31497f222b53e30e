{{ config(materialized='view') }}

-- What is the customer's own doing or saying, without what moves by time alone, as one text.
with orders as (
    select
        customer_id,
        {{ row_key([
            'count(*)', 'count(*) filter (where is_counted)', 'max(order_date)', 'sum(net_amount)',
        ]) }} as orders_key
    from {{ ref('int_orders_identified') }}
    where customer_id is not null
    group by customer_id
),

final as (
    select
        profile.customer_id,
        {{ row_key(['orders.orders_key'] + own_facts('profile')) }} as facts_key
    from {{ ref('int_customer_profile_tagged') }} as profile
    left join orders on profile.customer_id = orders.customer_id
)

select * from final
