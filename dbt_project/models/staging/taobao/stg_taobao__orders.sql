with base as (
    select
        *,
        -- Some exports put name and phone of the receiver in front of the address.
        regexp_replace(address, '^[^，]*，86-[^，]*，', '') as place_text,
        nullif(regexp_extract(address, '^[^，]*，86-([0-9]+)，', 1), '') as phone_text
    from {{ ref('base_taobao__orders') }}
    where outcome = 'kept'
),

statuses as (
    select *
    from {{ ref('order_statuses') }}
    where source_system = 'taobao'
),

night as (
    select * from {{ ref('stg_strata__night') }}
),

shipments as (
    select
        source_order_id,
        max(phone) as phone
    from {{ ref('stg_taobao__shipments') }}
    group by source_order_id
),

refunds as (
    select * from {{ ref('stg_taobao__refunds') }}
),

judged as (
    select
        base.*,
        shipments.phone as shipment_phone,
        cast({{ utc_to_local('base.ordered_at', 'night.business_timezone') }} as date)
            as order_date,
        coalesce(statuses.is_cancelled, false) as is_cancelled,
        {{ is_paid('statuses.payment', 'base.paid_at') }} as is_paid,
        coalesce({{ to_amount('base.refunded_text') }}, 0) as stated_refund,
        coalesce(refunds.refund_amount, 0) as line_refund
    from base
    cross join night
    left join statuses
        on {{ to_status('base.order_status') }} = {{ to_status('statuses.status') }}
    left join shipments on base.order_id = shipments.source_order_id
    left join refunds on base.order_id = refunds.order_id
),

priced as (
    select
        *,
        coalesce(
            case when is_paid then paid_amount end,
            total_amount,
            goods_due_amount + coalesce(postage_due_amount, 0),
            paid_amount,
            0
        ) as gross_amount,
        case
            -- What was taken off before payment, by a discount say, is no refund of what was paid.
            when stated_refund > 0 and goods_due_amount - paid_amount = stated_refund then 0
            else greatest(stated_refund, line_refund)
        end as refund_amount
    from judged
),

final as (
    select
        'taobao:' || order_id as order_id,
        order_id as source_order_id,
        ordered_at,
        order_date,
        'taobao' as channel,
        order_status,
        is_cancelled,
        is_paid,
        cast(gross_amount as decimal(18, 2)) as gross_amount,
        cast(
            case when is_cancelled then gross_amount else least(refund_amount, gross_amount) end
            as decimal(18, 2)
        ) as refund_amount,
        'CNY' as currency,
        case when not {{ is_masked('buyer_account') }} then buyer_account end as buyer_id,
        coalesce(phone, {{ to_phone('phone_text') }}, shipment_phone, landline) as phone,
        {{ to_email('buyer_alipay_account') }} as email,
        receiver_name,
        {{ province_in('place_text') }} as province,
        {{ city_in('place_text') }} as city,
        place_text as address,
        _exported_at as exported_at
    from priced
)

select * from final
