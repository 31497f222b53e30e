-- What the shops do not say of a product, the catalogue does. Without a date of launch there, the
-- first sale is one, unless it lies in the first days of what the shop exported: then the product
-- is as old as the history, and nobody knows how old that is.
with products as (
    select
        *,
        regexp_replace(product_id, '^[^:]*:', '') as product_code,
        min(first_sold_date) over (partition by source_system) as history_start_date
    from {{ ref('int_products_unioned') }}
),

catalogue as (
    select * from {{ ref('stg_reference__products') }}
),

final as (
    select
        products.product_id,
        products.product_code,
        products.source_system,
        products.first_sold_date,
        coalesce(products.product_name, catalogue.product_name) as product_name,
        coalesce(products.category, catalogue.category) as category,
        coalesce(products.brand, catalogue.brand) as brand,
        coalesce(
            catalogue.launched_date,
            case
                when
                    {{ days_between('products.history_start_date', 'products.first_sold_date') }}
                    >= {{ var('new_product_days') }}
                    then products.first_sold_date
            end
        ) as launched_date
    from products
    left join catalogue on products.product_code = catalogue.sku
)

select * from final
