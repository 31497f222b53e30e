with night as (
    select * from {{ ref('stg_strata__night') }}
),

customers as (
    select * from {{ ref('int_customer_orders_measured') }}
),

bands as (
    select * from {{ ref('lifecycle_bands') }}
),

gaps as (
    select
        customer_id,
        order_date,
        {{ days_between(
            'lag(order_date) over (partition by customer_id order by order_date, order_id)',
            'order_date'
        ) }} as gap_days
    from {{ ref('int_orders_identified') }}
    where is_counted and customer_id is not null
),

comebacks as (
    select
        gaps.customer_id,
        max(gaps.order_date) as returned_date
    from gaps
    where
        gaps.gap_days >= (
            select bands.from_days
            from bands
            where bands.lifecycle_stage = 'silent'
        )
    group by gaps.customer_id
),

aged as (
    select
        customers.customer_id,
        customers.recency_days,
        {{ days_between('customers.first_order_date', 'night.as_of_date') }} as first_days,
        {{ days_between('comebacks.returned_date', 'night.as_of_date') }} as returned_days
    from customers
    cross join night
    left join comebacks on customers.customer_id = comebacks.customer_id
),

final as (
    select
        aged.customer_id,
        case
            when aged.recency_days is null then 'first_contact'
            when aged.first_days < {{ var('lifecycle_new_days') }} then 'new'
            when aged.returned_days < {{ var('lifecycle_returned_days') }} then 'returned'
            else bands.lifecycle_stage
        end as lifecycle_stage
    from aged
    left join bands
        on
            aged.recency_days >= bands.from_days
            and (aged.recency_days < bands.to_days or bands.to_days is null)
)

select * from final
