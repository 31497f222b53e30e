with guests as (
    select avg(case when customer_id is null then 1.0 else 0.0 end) as observed
    from {{ ref('fct_orders') }}
    where is_counted
),

unnamed as (
    select avg(case when product_name = 'unknown' then 1.0 else 0.0 end) as observed
    from {{ ref('dim_products') }}
),

-- Lines without an id of their own; those that say the same in one file are twins.
stated as (
    select count(*) as line_count
    from {{ ref('base_shop__order_lines') }}
    where outcome = 'kept' and line_id is null
    group by
        _file_id, order_id, customer_id, ordered_local_at, product_id, product_name, quantity,
        unit_price, order_amount, currency
),

twins as (
    select sum(line_count - 1) * 1.0 / sum(line_count) as observed
    from stated
),

alarms as (
    select count(*) filter (where daily.is_alarm) as observed
    from {{ ref('segment_daily') }} as daily
    inner join {{ ref('stg_strata__night') }} as night on daily.as_of_date = night.as_of_date
),

final as (
    select
        'guest_order_share' as measure,
        'fct_orders' as subject,
        coalesce(observed, 0) as observed
    from guests
    union all
    select
        'unknown_share' as measure,
        'dim_products.product_name' as subject,
        coalesce(observed, 0) as observed
    from unnamed
    union all
    select
        'exact_duplicate_share' as measure,
        'shop.order_lines' as subject,
        coalesce(observed, 0) as observed
    from twins
    union all
    select
        'segment_alarm_count' as measure,
        'segment_daily' as subject,
        observed
    from alarms
)

select * from final
