with sold as (
    select
        product_id,
        'shop' as source_system,
        product_name,
        category,
        brand,
        order_date,
        order_id || ':' || cast(line_number as varchar) as line_key
    from {{ ref('stg_shop__order_lines') }}
    union all
    select
        product_id,
        'shopify' as source_system,
        product_name,
        cast(null as varchar) as category,
        brand,
        order_date,
        order_id || ':' || cast(line_number as varchar) as line_key
    from {{ ref('stg_shopify__order_lines') }}
    union all
    select
        product_id,
        source_system,
        product_name,
        category,
        brand,
        order_date,
        order_id || ':' || cast(line_number as varchar) as line_key
    from {{ ref('int_marketplace_lines_unioned') }}
),

-- A shop has few wordings, and many lines of each.
worded as (
    select
        product_id,
        source_system,
        product_name,
        category,
        brand,
        max(cast(order_date as varchar) || line_key) as sort_key,
        min(order_date) as first_sold_date
    from sold
    group by product_id, source_system, product_name, category, brand
),

-- The newest wording wins; a blank never overwrites one.
final as (
    select
        product_id,
        source_system,
        max_by(product_name, sort_key) filter (where product_name is not null) as product_name,
        max_by(category, sort_key) filter (where category is not null) as category,
        max_by(brand, sort_key) filter (where brand is not null) as brand,
        min(first_sold_date) as first_sold_date
    from worded
    group by product_id, source_system
)

select * from final
