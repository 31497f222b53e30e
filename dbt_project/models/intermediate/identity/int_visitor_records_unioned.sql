{{ config(materialized='view') }}

-- Devices and logins. A device that nobody ever logged in on is a record and no customer.
with sightings as (
    select * from {{ ref('int_visits_sighted') }}
),

night as (
    select * from {{ ref('stg_strata__night') }}
),

logins as (
    select
        source_system,
        'login' as record_kind,
        user_id as source_customer_id,
        source_system || '.login:' || user_id as record_key,
        min(first_seen_at) as first_seen_at,
        max(last_seen_at) as last_seen_at
    from sightings
    where user_id is not null
    group by source_system, user_id
),

devices as (
    select
        source_system,
        'device' as record_kind,
        anonymous_id as source_customer_id,
        source_system || '.device:' || anonymous_id as record_key,
        min(first_seen_at) as first_seen_at,
        max(last_seen_at) as last_seen_at
    from sightings
    where anonymous_id is not null
    group by source_system, anonymous_id
),

unioned as (
    select * from logins
    union all
    select * from devices
),

final as (
    select
        unioned.source_system,
        unioned.record_kind,
        unioned.source_customer_id,
        unioned.record_key,
        cast(null as varchar) as person_name,
        'unknown' as gender,
        cast(null as date) as birth_date,
        cast(null as varchar) as place_text,
        cast(null as varchar) as occupation,
        cast(null as boolean) as is_member,
        {{ utc_to_local('unioned.first_seen_at', 'night.business_timezone') }} as created_local_at,
        {{ utc_to_local('unioned.last_seen_at', 'night.business_timezone') }} as modified_local_at
    from unioned
    cross join night
)

select * from final
