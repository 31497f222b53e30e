with zoho as (
    select
        'zoho' as source_system,
        record_id as source_customer_id,
        created_local_at,
        modified_local_at,
        gender,
        birth_date,
        province,
        city,
        not has_email_opt_out as accepts_email
    from {{ ref('stg_zoho__contacts') }}
),

fxiaoke as (
    select
        'fxiaoke' as source_system,
        record_id as source_customer_id,
        created_local_at,
        modified_local_at,
        'unknown' as gender,
        cast(null as date) as birth_date,
        province,
        city,
        cast(null as boolean) as accepts_email
    from {{ ref('stg_fxiaoke__customers') }}
),

shopify as (
    select
        'shopify' as source_system,
        coalesce(email, phone) as source_customer_id,
        cast(min(order_date) as timestamp) as created_local_at,
        cast(max(order_date) as timestamp) as modified_local_at,
        'unknown' as gender,
        cast(null as date) as birth_date,
        max_by(province, created_at) as province,
        max_by(city, created_at) as city,
        max_by(accepts_marketing, created_at) as accepts_email
    from {{ ref('stg_shopify__orders') }}
    where coalesce(email, phone) is not null
    group by coalesce(email, phone)
),

shop as (
    select
        'shop' as source_system,
        coalesce(source_customer_id, email, phone) as source_customer_id,
        min(ordered_local_at) as created_local_at,
        max(ordered_local_at) as modified_local_at,
        'unknown' as gender,
        cast(null as date) as birth_date,
        cast(null as varchar) as province,
        cast(null as varchar) as city,
        cast(null as boolean) as accepts_email
    from {{ ref('stg_shop__order_lines') }}
    where coalesce(source_customer_id, email, phone) is not null
    group by coalesce(source_customer_id, email, phone)
),

marketplaces as (
    select
        source_system,
        source_customer_id,
        cast(min(order_date) as timestamp) as created_local_at,
        cast(max(order_date) as timestamp) as modified_local_at,
        'unknown' as gender,
        cast(null as date) as birth_date,
        max_by(province, cast(ordered_at as varchar) || order_id) as province,
        max_by(city, cast(ordered_at as varchar) || order_id) as city,
        cast(null as boolean) as accepts_email
    from {{ ref('int_marketplace_orders_unioned') }}
    where source_customer_id is not null
    group by source_system, source_customer_id
),

unioned as (
    select * from zoho
    union all
    select * from fxiaoke
    union all
    select * from shopify
    union all
    select * from shop
    union all
    select * from marketplaces
),

final as (
    select
        *,
        source_system || ':' || source_customer_id as record_key
    from unioned
)

select * from final
