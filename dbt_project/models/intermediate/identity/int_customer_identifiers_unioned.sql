with contacts as (
    select
        'zoho:' || record_id as record_key,
        phone,
        email
    from {{ ref('stg_zoho__contacts') }}
    union all
    select
        'fxiaoke:' || record_id as record_key,
        phone,
        email
    from {{ ref('stg_fxiaoke__customers') }}
    union all
    select
        'shopify:' || coalesce(email, phone) as record_key,
        phone,
        email
    from {{ ref('stg_shopify__orders') }}
    where coalesce(email, phone) is not null
    union all
    select
        'shop:' || coalesce(source_customer_id, email, phone) as record_key,
        phone,
        email
    from {{ ref('stg_shop__order_lines') }}
    where coalesce(source_customer_id, email, phone) is not null
    union all
    select
        record_key,
        phone,
        email
    from {{ ref('int_marketplace_orders_unioned') }}
    where source_customer_id is not null
),

unioned as (
    select
        record_key,
        'phone:' || phone as identifier
    from contacts
    where phone is not null
    union
    select
        record_key,
        'email:' || email as identifier
    from contacts
    where email is not null
    union
    -- A record without phone and e-mail is somebody all the same.
    select
        record_key,
        'record:' || record_key as identifier
    from contacts
),

final as (
    select * from unioned
)

select * from final
