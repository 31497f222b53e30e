with source as (
    select * from {{ source('strata', 'erased_orders') }}
),

final as (
    select distinct
        source_system,
        source_order_id
    from source
    where source_order_id is not null
)

select * from final
