with final as (
    select
        product_id,
        source_system,
        first_sold_date,
        coalesce(product_name, 'unknown') as product_name,
        coalesce(category, 'unknown') as category,
        coalesce(brand, 'unknown') as brand
    from {{ ref('int_products_joined') }}
)

select * from final
