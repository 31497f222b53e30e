-- Who was seen on which device: one row per combination that any event states.
with events as (
    select
        'segment' as source_system,
        anonymous_id,
        user_id,
        email,
        phone,
        occurred_at
    from {{ ref('stg_segment__events') }}
    union all
    select
        'segment' as source_system,
        previous_id as anonymous_id,
        user_id,
        email,
        phone,
        occurred_at
    from {{ ref('stg_segment__events') }}
    where previous_id is not null
    union all
    select
        'sensors' as source_system,
        coalesce(anonymous_id, {{ json_text('identities_text', '"$identity_cookie_id"') }})
            as anonymous_id,
        user_id,
        cast(null as varchar) as email,
        cast(null as varchar) as phone,
        occurred_at
    from {{ ref('stg_sensors__events') }}
    union all
    select
        'ga4' as source_system,
        anonymous_id,
        user_id,
        cast(null as varchar) as email,
        cast(null as varchar) as phone,
        occurred_at
    from {{ ref('stg_ga4__events') }}
),

final as (
    select
        source_system,
        anonymous_id,
        user_id,
        email,
        phone,
        min(occurred_at) as first_seen_at,
        max(occurred_at) as last_seen_at
    from events
    where coalesce(anonymous_id, user_id) is not null
    group by source_system, anonymous_id, user_id, email, phone
)

select * from final
