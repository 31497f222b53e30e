with base as (
    select *
    from {{ ref('base_taobao__shipments') }}
    where outcome = 'kept'
),

-- One row per thing that is in it, so a parcel may come several times.
parcels as (
    select
        order_id,
        tracking_number,
        max(carrier) as carrier,
        min(shipped_at) as shipped_at,
        max(phone) as phone,
        max(_exported_at) as exported_at
    from base
    group by order_id, tracking_number
),

final as (
    select
        order_id as source_order_id,
        tracking_number,
        carrier,
        shipped_at,
        phone,
        exported_at,
        'taobao:' || order_id as order_id,
        row_number() over (
            partition by order_id order by tracking_number nulls last
        ) as parcel_number
    from parcels
)

select * from final
