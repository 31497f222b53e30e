with base as (
    select *
    from {{ ref('base_reference__products') }}
    where outcome = 'kept'
),

final as (
    select
        sku,
        product_name,
        category,
        brand,
        list_price,
        launched_date
    from base
)

select * from final
