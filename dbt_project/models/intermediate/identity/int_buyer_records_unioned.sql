-- Whoever an order names, and nobody else: what shops know of a person apart from orders stands in
-- int_member_records_unioned.
with shopify as (
    select
        'shopify' as source_system,
        coalesce(email, phone) as source_customer_id,
        max_by(province, created_at) as province,
        max_by(city, created_at) as city,
        min(order_date) as first_order_date,
        max(order_date) as last_order_date
    from {{ ref('stg_shopify__orders') }}
    where coalesce(email, phone) is not null
    group by coalesce(email, phone)
),

shop as (
    select
        'shop' as source_system,
        coalesce(source_customer_id, email, phone) as source_customer_id,
        cast(null as varchar) as province,
        cast(null as varchar) as city,
        min(order_date) as first_order_date,
        max(order_date) as last_order_date
    from {{ ref('stg_shop__order_lines') }}
    where coalesce(source_customer_id, email, phone) is not null
    group by coalesce(source_customer_id, email, phone)
),

marketplaces as (
    select
        source_system,
        source_customer_id,
        max_by(province, cast(ordered_at as varchar) || order_id) as province,
        max_by(city, cast(ordered_at as varchar) || order_id) as city,
        min(order_date) as first_order_date,
        max(order_date) as last_order_date
    from {{ ref('int_marketplace_orders_unioned') }}
    where source_customer_id is not null
    group by source_system, source_customer_id
),

unioned as (
    select * from shopify
    union all
    select * from shop
    union all
    select * from marketplaces
),

keyed as (
    select
        source_system,
        'buyer' as record_kind,
        source_customer_id,
        cast(null as varchar) as person_name,
        'unknown' as gender,
        cast(null as date) as birth_date,
        province,
        city,
        cast(null as varchar) as occupation,
        cast(first_order_date as timestamp) as created_local_at,
        cast(last_order_date as timestamp) as modified_local_at,
        source_system || ':' || source_customer_id as record_key
    from unioned
),

-- In the order of int_customer_records_unioned, which puts it below the others.
final as (
    select
        source_system,
        record_kind,
        source_customer_id,
        record_key,
        person_name,
        gender,
        birth_date,
        province,
        city,
        occupation,
        created_local_at,
        modified_local_at
    from keyed
)

select * from final
