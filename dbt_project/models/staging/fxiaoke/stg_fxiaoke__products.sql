with base as (
    select *
    from {{ ref('base_fxiaoke__products') }}
    where outcome = 'kept'
),

final as (
    select
        base.record_id,
        base.product_name,
        base.product_code,
        base.product_line,
        base.category,
        base.specification,
        base.price,
        base.unit,
        base.life_status,
        base.created_at,
        base.modified_at,
        -- A query gives a list like ["新品"], an export the bare text.
        translate(base.tag_names, '[]"', '') as tag_names,
        {{ is_live('base.life_status') }} as is_live
    from base
)

select * from final
