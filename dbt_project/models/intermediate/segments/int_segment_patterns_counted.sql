with night as (
    select as_of_date from {{ ref('stg_strata__night') }}
),

revenue as (
    select
        orders.customer_id,
        sum(orders.net_amount) as net_amount
    from {{ ref('int_orders_identified') }} as orders
    cross join night
    where
        orders.order_date > {{ dbt.dateadd(
            'day', -1 * var('segment_revenue_days'), 'night.as_of_date'
        ) }}
    group by orders.customer_id
),

final as (
    select
        judged.segment_pattern,
        cast(coalesce(sum(revenue.net_amount), 0) as decimal(18, 2)) as net_amount_30d,
        count(*) as customers,
        count(*) filter (where measured.order_count > 0) as buyers,
        count(*) filter (where measured.order_count > 1) as repeat_buyers
    from {{ ref('int_segment_patterns_judged') }} as judged
    inner join {{ ref('int_customer_orders_measured') }} as measured
        on judged.customer_id = measured.customer_id
    left join revenue on judged.customer_id = revenue.customer_id
    group by judged.segment_pattern
)

select * from final
