{{ config(materialized='view') }}

-- People whom shops and clubs know by an account of their own.
with night as (
    select * from {{ ref('stg_strata__night') }}
),

shopify as (
    select
        'shopify' as source_system,
        'account' as record_kind,
        customers.customer_key as source_customer_id,
        'shopify.customer:' || customers.customer_key as record_key,
        concat_ws(' ', customers.last_name, customers.first_name) as person_name,
        'unknown' as gender,
        cast(null as date) as birth_date,
        {{ place_text(
            'coalesce(customers.country_code, customers.country)',
            'coalesce(customers.province_code, customers.province)',
            'customers.city',
        ) }} as place_text,
        cast(null as varchar) as occupation,
        cast(null as boolean) as is_member,
        cast(null as timestamp) as created_local_at,
        {{ utc_to_local('customers.exported_at', 'night.business_timezone') }} as modified_local_at
    from {{ ref('stg_shopify__customers') }} as customers
    cross join night
),

youzan as (
    select
        'youzan' as source_system,
        'account' as record_kind,
        customers.customer_key as source_customer_id,
        'youzan.customer:' || customers.customer_key as record_key,
        customers.full_name as person_name,
        customers.gender,
        customers.birth_date,
        {{ place_text(city='customers.city') }} as place_text,
        cast(null as varchar) as occupation,
        customers.is_member,
        {{ utc_to_local('customers.became_customer_at', 'night.business_timezone') }}
            as created_local_at,
        {{ utc_to_local('customers.exported_at', 'night.business_timezone') }} as modified_local_at
    from {{ ref('stg_youzan__customers') }} as customers
    cross join night
),

loyalty as (
    select
        'loyalty' as source_system,
        'member' as record_kind,
        member_id as source_customer_id,
        'loyalty:' || member_id as record_key,
        member_name as person_name,
        'unknown' as gender,
        cast(null as date) as birth_date,
        cast(null as varchar) as place_text,
        cast(null as varchar) as occupation,
        true as is_member,
        cast(joined_date as timestamp) as created_local_at,
        cast(coalesce(level_since_date, joined_date) as timestamp) as modified_local_at
    from {{ ref('stg_loyalty__member_levels') }}
),

final as (
    select * from shopify
    union all
    select * from youzan
    union all
    select * from loyalty
)

select * from final
