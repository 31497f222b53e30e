{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook="{{ forget_from_tonight() }}",
) }}

with night as (
    select as_of_date from {{ ref('stg_strata__night') }}
),

moves as (
    select
        log.segment_id,
        count(*) filter (where log.is_present) as entered,
        count(*) filter (where not log.is_present) as exited
    from {{ ref('int_segment_members_logged') }} as log
    inner join night on log.as_of_date = night.as_of_date
    group by log.segment_id
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

sizes as (
    select
        members.segment_id,
        count(*) as members,
        sum(revenue.net_amount) as net_amount
    from {{ ref('int_segment_members_selected') }} as members
    left join revenue on members.customer_id = revenue.customer_id
    group by members.segment_id
),

segments as (
    select segment_id from {{ ref('int_segments_declared') }}
    union
    select segment_id from moves
),

final as (
    select
        night.as_of_date,
        segments.segment_id,
        cast(coalesce(sizes.net_amount, 0) as decimal(18, 2)) as net_amount_30d,
        coalesce(sizes.members, 0) as members,
        coalesce(moves.entered, 0) as entered,
        coalesce(moves.exited, 0) as exited
    from segments
    cross join night
    left join sizes on segments.segment_id = sizes.segment_id
    left join moves on segments.segment_id = moves.segment_id
)

select * from final
