with base as (
    select *
    from {{ ref('base_jd__order_lines') }}
    where outcome = 'kept'
),

statuses as (
    select *
    from {{ ref('order_statuses') }}
    where source_system = 'jd'
),

night as (
    select * from {{ ref('stg_strata__night') }}
),

-- What belongs to the order stands on each of its rows, so it is taken once and never summed.
grouped as (
    select
        order_id,
        min(ordered_at) as ordered_at,
        max(paid_at) as paid_at,
        max(order_status) as order_status,
        coalesce(max(channel), max(order_source), 'jd') as channel,
        coalesce(
            max(due_amount) + coalesce(max(balance_amount), 0),
            max(order_amount),
            0
        ) as gross_amount,
        max(case when not {{ is_masked('buyer_account') }} then buyer_account end) as buyer_id,
        max(phone) as phone,
        max(receiver_name) as receiver_name,
        max(address) as address,
        max(_exported_at) as exported_at
    from base
    group by order_id
),

judged as (
    select
        grouped.*,
        cast({{ utc_to_local('grouped.ordered_at', 'night.business_timezone') }} as date)
            as order_date,
        coalesce(statuses.is_cancelled, false) as is_cancelled,
        {{ is_paid('statuses.payment', 'grouped.paid_at') }} as is_paid
    from grouped
    cross join night
    left join statuses
        on {{ to_status('grouped.order_status') }} = {{ to_status('statuses.status') }}
),

final as (
    select
        'jd:' || order_id as order_id,
        order_id as source_order_id,
        ordered_at,
        order_date,
        channel,
        order_status,
        is_cancelled,
        is_paid,
        cast(gross_amount as decimal(18, 2)) as gross_amount,
        -- The export says nothing of refunds but that an order was called off.
        cast(case when is_cancelled then gross_amount else 0 end as decimal(18, 2))
            as refund_amount,
        'CNY' as currency,
        buyer_id,
        phone,
        cast(null as varchar) as email,
        receiver_name,
        {{ province_in('address') }} as province,
        {{ city_in('address') }} as city,
        address,
        exported_at
    from judged
)

select * from final
