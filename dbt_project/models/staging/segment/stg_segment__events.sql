with base as (
    select *
    from {{ ref('base_segment__events') }}
    where outcome = 'kept'
),

final as (
    select
        message_id as event_id,
        event_type,
        anonymous_id,
        user_id,
        page_name,
        email,
        phone,
        properties as properties_text,
        traits as traits_text,
        occurred_at,
        received_at,
        coalesce(event_name, event_type) as event_name,
        coalesce(context_page_url, property_page_url) as page_url,
        coalesce(context_page_title, property_page_title) as page_title,
        -- An alias call is the only one that says which other id the same user had.
        case when event_type = 'alias' then previous_id end as previous_id
    from base
)

select * from final
