with sold as (
    select
        product_id,
        'shop' as source_system,
        product_name,
        category,
        brand,
        ordered_at,
        order_date
    from {{ ref('stg_shop__order_lines') }}
    union all
    select
        product_id,
        'shopify' as source_system,
        product_name,
        cast(null as varchar) as category,
        brand,
        ordered_at,
        order_date
    from {{ ref('stg_shopify__order_lines') }}
    union all
    select
        product_id,
        source_system,
        product_name,
        category,
        brand,
        ordered_at,
        order_date
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
        cast(max(ordered_at) as varchar) as last_sold_at,
        min(order_date) as first_sold_date
    from sold
    group by product_id, source_system, product_name, category, brand
),

-- The newest wording wins; a blank never overwrites one.
final as (
    select
        product_id,
        source_system,
        {% for column in ['product_name', 'category', 'brand'] -%}
        max_by({{ column }}, last_sold_at || {{ column }})
        filter (where {{ column }} is not null) as {{ column }},
        {% endfor -%}
        min(first_sold_date) as first_sold_date
    from worded
    group by product_id, source_system
)

select * from final
