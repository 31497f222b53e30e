{{ config(materialized='view') }}

-- Whoever an order names, and nobody else: what shops know of a person apart from orders stands in
-- int_member_records_unioned.
with shopify_orders as (
    select
        *,
        {{ place_text('country', 'province', 'city') }} as place_text
    from {{ ref('stg_shopify__orders') }}
),

shopify as (
    select
        'shopify' as source_system,
        coalesce(email, phone) as source_customer_id,
        max_by(place_text, cast(created_at as varchar) || order_name)
        filter (where place_text is not null) as place_text,
        min(order_date) as first_order_date,
        max(order_date) as last_order_date
    from shopify_orders
    where coalesce(email, phone) is not null
    group by coalesce(email, phone)
),

shop as (
    select
        'shop' as source_system,
        coalesce(source_customer_id, email, phone) as source_customer_id,
        cast(null as varchar) as place_text,
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
        max_by(place_text, cast(ordered_at as varchar) || order_id)
        filter (where place_text is not null) as place_text,
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

final as (
    select
        unioned.source_system,
        'buyer' as record_kind,
        unioned.source_customer_id,
        named.person_name,
        'unknown' as gender,
        cast(null as date) as birth_date,
        unioned.place_text,
        cast(null as varchar) as occupation,
        cast(null as boolean) as is_member,
        cast(unioned.first_order_date as timestamp) as created_local_at,
        cast(unioned.last_order_date as timestamp) as modified_local_at,
        unioned.source_system || ':' || unioned.source_customer_id as record_key
    from unioned
    left join {{ ref('int_buyer_names_unioned') }} as named
        on
            unioned.source_system = named.source_system
            and unioned.source_customer_id = named.source_customer_id
)

select * from final
