{{ config(materialized='view') }}

-- What was done on sites and in apps. A product is named by its code, whatever the tool calls that.
with segment as (
    select
        'segment' as source_system,
        event_id as source_key,
        case when event_type = 'track' then event_name else event_type end as word,
        user_id,
        anonymous_id,
        coalesce(
            {{ json_text('properties_text', 'sku') }},
            {{ json_text('properties_text', 'product_id') }}
        ) as product_code,
        occurred_at
    from {{ ref('stg_segment__events') }}
),

sensors as (
    select
        'sensors' as source_system,
        event_id as source_key,
        case when event_type = 'track' then event_name else event_type end as word,
        user_id,
        coalesce(
            anonymous_id, {{ json_text('identities_text', '"$identity_cookie_id"') }}
        ) as anonymous_id,
        coalesce(
            {{ json_text('properties_text', 'sku') }},
            {{ json_text('properties_text', 'product_id') }}
        ) as product_code,
        occurred_at
    from {{ ref('stg_sensors__events') }}
),

ga4 as (
    select
        'ga4' as source_system,
        event_id as source_key,
        event_name as word,
        user_id,
        anonymous_id,
        {{ json_text('items_text', '[0].item_id') }} as product_code,
        occurred_at
    from {{ ref('stg_ga4__events') }}
),

unioned as (
    select * from segment
    union all
    select * from sensors
    union all
    select * from ga4
),

final as (
    select
        source_system,
        source_key,
        word,
        product_code,
        occurred_at,
        source_system || '.events' as source_name,
        case
            when user_id is not null then source_system || '.login:' || user_id
            else source_system || '.device:' || anonymous_id
        end as record_key
    from unioned
)

select * from final
