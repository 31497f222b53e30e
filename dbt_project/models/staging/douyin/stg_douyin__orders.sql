with base as (
    select *
    from {{ ref('base_douyin__order_lines') }}
    where outcome = 'kept'
),

statuses as (
    select *
    from {{ ref('order_statuses') }}
    where source_system = 'douyin'
),

night as (
    select * from {{ ref('stg_strata__night') }}
),

judged as (
    select
        base.*,
        coalesce(statuses.is_cancelled, false) as is_cancelled,
        coalesce(after_sales.is_cancelled, false) as is_given_back,
        {{ is_paid('coalesce(after_sales.payment, statuses.payment)', 'base.paid_at') }} as is_paid
    from base
    left join statuses
        on {{ to_status('base.order_status') }} = {{ to_status('statuses.status') }}
    left join statuses as after_sales
        on {{ to_status('base.after_sale_status') }} = {{ to_status('after_sales.status') }}
),

grouped as (
    select
        order_id,
        min(ordered_at) as ordered_at,
        coalesce(max(traffic_source), 'douyin') as channel,
        -- The state of what still stands of the order, where its parts have several.
        coalesce(min(order_status) filter (where not is_cancelled), min(order_status))
            as order_status,
        -- Gifts that cost nothing do not keep an order alive, nor end it.
        bool_and(is_cancelled or coalesce(due_amount, 0) = 0)
        and bool_or(is_cancelled) as is_cancelled,
        bool_or(is_paid) as is_paid,
        coalesce(sum(due_amount), 0) as gross_amount,
        coalesce(sum(due_amount) filter (where is_cancelled or is_given_back), 0)
            as refund_amount,
        max(phone) as phone,
        max(province) as province,
        max(city) as city,
        max(_exported_at) as exported_at
    from judged
    group by order_id
),

final as (
    select
        'douyin:' || grouped.order_id as order_id,
        grouped.order_id as source_order_id,
        grouped.ordered_at,
        cast({{ utc_to_local('grouped.ordered_at', 'night.business_timezone') }} as date)
            as order_date,
        grouped.channel,
        grouped.order_status,
        grouped.is_cancelled,
        grouped.is_paid,
        cast(grouped.gross_amount as decimal(18, 2)) as gross_amount,
        cast(grouped.refund_amount as decimal(18, 2)) as refund_amount,
        'CNY' as currency,
        cast(null as varchar) as buyer_id,
        -- Encrypted, like the phone.
        cast(null as varchar) as receiver_name,
        grouped.phone,
        cast(null as varchar) as email,
        grouped.province,
        grouped.city,
        cast(null as varchar) as address,
        grouped.exported_at
    from grouped
    cross join night
)

select * from final
