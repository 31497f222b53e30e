-- Wherever a record of a person states a phone or an e-mail. What staging could not use (masked,
-- damaged by Excel, no number at all) is null there and never comes this far.
with stated as (
    select
        'zoho:' || record_id as record_key,
        phone,
        email
    from {{ ref('stg_zoho__contacts') }}
    union all
    select
        'zoho:' || record_id as record_key,
        cast(null as varchar) as phone,
        secondary_email as email
    from {{ ref('stg_zoho__contacts') }}
    union all
    select
        'zoho.lead:' || record_id as record_key,
        phone,
        email
    from {{ ref('stg_zoho__leads') }}
    union all
    select
        'fxiaoke:' || record_id as record_key,
        phone,
        email
    from {{ ref('stg_fxiaoke__customers') }}
    union all
    select
        'fxiaoke.contact:' || record_id as record_key,
        phone,
        email
    from {{ ref('stg_fxiaoke__contacts') }}
    union all
    select
        'fxiaoke.lead:' || record_id as record_key,
        phone,
        email
    from {{ ref('stg_fxiaoke__leads') }}
    union all
    select
        'shopify:' || coalesce(email, phone) as record_key,
        phone,
        email
    from {{ ref('stg_shopify__orders') }}
    union all
    select
        'shopify.customer:' || customer_key as record_key,
        phone,
        email
    from {{ ref('stg_shopify__customers') }}
    union all
    select
        'shop:' || coalesce(source_customer_id, email, phone) as record_key,
        phone,
        email
    from {{ ref('stg_shop__order_lines') }}
    union all
    select
        record_key,
        phone,
        email
    from {{ ref('int_marketplace_orders_unioned') }}
    union all
    select
        'youzan.customer:' || customer_key as record_key,
        phone,
        cast(null as varchar) as email
    from {{ ref('stg_youzan__customers') }}
    union all
    select
        'loyalty:' || member_id as record_key,
        phone,
        email
    from {{ ref('stg_loyalty__member_levels') }}
    union all
    select
        'wecom:' || external_userid as record_key,
        phone,
        cast(null as varchar) as email
    from {{ ref('stg_wecom__contact_phones') }}
    union all
    select
        source_system || '.login:' || user_id as record_key,
        phone,
        email
    from {{ ref('int_visits_sighted') }}
),

final as (
    select distinct
        record_key,
        phone,
        email
    from stated
    where record_key is not null and coalesce(phone, email) is not null
)

select * from final
