with base as (
    select
        *,
        event_type = 'track_signup' as is_signup,
        -- Older libraries give one id only, and say apart from it whether that is the user.
        event_type = 'track_signup'
        or coalesce(is_login_id, false)
        or coalesce(distinct_id = login_id, false) as is_user
    from {{ ref('base_sensors__events') }}
    where outcome = 'kept'
),

final as (
    select
        {{ row_key([
            'distinct_id', 'occurred_at', 'event_type', 'event_name', 'track_id',
        ]) }} as event_id,
        event_type,
        distinct_id,
        coalesce(
            anonymous_id,
            case when is_signup then original_id end,
            case when not is_user then distinct_id end
        ) as anonymous_id,
        coalesce(login_id, case when is_user then distinct_id end) as user_id,
        -- The device that turned out to be the user: the link between before and after.
        case when is_signup then original_id end as linked_anonymous_id,
        coalesce(event_name, event_type) as event_name,
        event_type in ('track', 'track_signup') as is_event,
        page_url,
        page_title,
        identities as identities_text,
        properties as properties_text,
        occurred_at
    from base
)

select * from final
