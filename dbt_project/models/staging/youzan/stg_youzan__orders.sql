with base as (
    select *
    from {{ ref('base_youzan__orders') }}
    where outcome = 'kept'
),

statuses as (
    select *
    from {{ ref('order_statuses') }}
    where source_system = 'youzan'
),

night as (
    select * from {{ ref('stg_strata__night') }}
),

judged as (
    select
        base.*,
        cast({{ utc_to_local('base.ordered_at', 'night.business_timezone') }} as date)
            as order_date,
        coalesce(statuses.is_cancelled, false) as is_cancelled,
        {{ is_paid('statuses.payment', 'base.paid_at') }} as is_paid
    from base
    cross join night
    left join statuses
        on {{ to_status('base.order_status') }} = {{ to_status('statuses.status') }}
),

priced as (
    select
        *,
        coalesce(case when is_paid then paid_amount end, receivable_amount, paid_amount, 0)
            as gross_amount
    from judged
),

final as (
    select
        ordered_at,
        order_date,
        order_status,
        is_cancelled,
        is_paid,
        province,
        city,
        order_id as source_order_id,
        _exported_at as exported_at,
        'CNY' as currency,
        cast(gross_amount as decimal(18, 2)) as gross_amount,
        cast(
            case
                when is_cancelled then gross_amount
                else least(coalesce(refunded_amount, 0), gross_amount)
            end as decimal(18, 2)
        ) as refund_amount,
        -- The export names the buyer by a nickname only, which many people may share.
        cast(null as varchar) as buyer_id,
        cast(null as varchar) as email,
        cast(null as varchar) as address,
        'youzan:' || order_id as order_id,
        coalesce(order_source, sales_channel, 'youzan') as channel,
        coalesce(phone, receiver_phone) as phone,
        -- The name goes with the receiver's phone, which need not be the buyer's.
        case when coalesce(phone, receiver_phone) = receiver_phone then receiver_name end
            as receiver_name
    from priced
)

select * from final
