-- The strongest sign of interest in what had just been launched: bought it, or looked at it.
with catalogue as (
    select * from {{ ref('stg_reference__products') }}
),

products as (
    select * from {{ ref('int_products_joined') }}
),

launches as (
    select
        sku as product_code,
        launched_date
    from catalogue
    union all
    select
        product_code,
        launched_date
    from products
),

-- Whoever looks at a product names its code, whichever shop sells it.
codes as (
    select
        product_code,
        min(launched_date) as launched_date
    from launches
    where launched_date is not null
    group by product_code
),

signs as (
    select
        sold.customer_id,
        'ordered' as interest,
        sold.order_date as sign_date,
        products.launched_date
    from {{ ref('int_order_lines_unioned') }} as sold
    inner join products on sold.product_id = products.product_id
    where sold.is_counted
    union all
    select
        looks.customer_id,
        'viewed' as interest,
        looks.interaction_date as sign_date,
        codes.launched_date
    from {{ ref('int_interactions_identified') }} as looks
    inner join codes on looks.product_code = codes.product_code
),

final as (
    select
        customer_id,
        min(interest) as interest
    from signs
    where
        customer_id is not null
        and sign_date >= launched_date
        and {{ days_between('launched_date', 'sign_date') }} < {{ var('new_product_days') }}
    group by customer_id
)

select * from final
