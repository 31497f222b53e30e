with base as (
    select *
    from {{ ref('base_fxiaoke__order_lines') }}
    where outcome = 'kept'
),

final as (
    select
        base.record_id,
        base.order_id,
        base.order_number,
        base.product_id,
        base.product_name,
        base.quantity,
        base.unit_price,
        base.list_price,
        base.subtotal,
        base.unit,
        base.life_status,
        base.created_at,
        base.modified_at,
        cast(
            round(coalesce(base.subtotal, base.quantity * base.unit_price), 2)
            as decimal(18, 2)
        ) as line_amount,
        {{ is_live('base.life_status') }} as is_live
    from base
)

select * from final
