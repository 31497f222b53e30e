with night as (
    select * from {{ ref('stg_strata__night') }}
),

bands as (
    select
        max(case when fixed.lifecycle_stage = 'silent' then fixed.from_days end)
            as silent_from_days,
        max(case when fixed.lifecycle_stage = 'churned' then fixed.from_days end)
            as churned_from_days,
        max(case when own.lifecycle_stage = 'silent' then own.from_gaps end) as silent_from_gaps,
        max(case when own.lifecycle_stage = 'churned' then own.from_gaps end) as churned_from_gaps
    from {{ ref('lifecycle_bands') }} as fixed
    inner join {{ ref('lifecycle_rhythm_bands') }} as own
        on fixed.lifecycle_stage = own.lifecycle_stage
),

gaps as (
    select
        customer_id,
        order_date,
        {{ days_between('lag(order_date) over by_customer', 'order_date') }} as gap_days
    from {{ ref('int_orders_identified') }}
    where is_counted and customer_id is not null
    window by_customer as (partition by customer_id order by order_date, order_id)
),

rhythms as (
    select
        customer_id,
        count(*) as orders_ever,
        {{ exact_quantile('cast(gap_days as double)', 0.5) }} as median_gap_days
    from gaps
    group by customer_id
),

-- Orders of one day alone are no rhythm: all would be churned the day after.
judged as (
    select
        customers.*,
        rhythms.median_gap_days,
        '{{ lifecycle_method() }}' = 'own_rhythm'
        and rhythms.orders_ever >= {{ var('lifecycle_rhythm_min_orders') }}
        and rhythms.median_gap_days > 0 as has_rhythm
    from {{ ref('int_customer_orders_measured') }} as customers
    left join rhythms on customers.customer_id = rhythms.customer_id
),

limited as (
    select
        judged.*,
        {% for stage in ['silent', 'churned'] -%}
        case
            when judged.has_rhythm then judged.median_gap_days * bands.{{ stage }}_from_gaps
            else bands.{{ stage }}_from_days
        end as {{ stage }}_from_days,
        {% endfor -%}
        case when judged.has_rhythm then 'own_rhythm' else 'fixed' end as decided_by
    from judged
    cross join bands
),

comebacks as (
    select
        gaps.customer_id,
        max(gaps.order_date) as returned_date
    from gaps
    inner join limited on gaps.customer_id = limited.customer_id
    where gaps.gap_days >= limited.silent_from_days
    group by gaps.customer_id
),

aged as (
    select
        limited.*,
        {{ days_between('limited.first_order_date', 'night.as_of_date') }} as first_days,
        {{ days_between('comebacks.returned_date', 'night.as_of_date') }} as returned_days
    from limited
    cross join night
    left join comebacks on limited.customer_id = comebacks.customer_id
),

final as (
    select
        customer_id,
        first_order_date,
        last_order_date,
        recency_days,
        orders_ever,
        net_amount_ever,
        silent_from_days,
        churned_from_days,
        decided_by,
        {{ lifecycle_stage_of() }} as lifecycle_stage
    from aged
)

select * from final
