with base as (
    select *
    from {{ ref('base_ga4__events') }}
    where outcome = 'kept'
),

final as (
    select
        {{ row_key([
            'user_pseudo_id', 'occurred_at', 'event_name', 'event_bundle_sequence_id',
        ]) }} as event_id,
        user_pseudo_id as anonymous_id,
        user_id,
        event_name,
        {{ json_keyed_text('event_params', 'ga_session_id', 'int_value') }} as session_id,
        {{ json_keyed_text('event_params', 'page_location', 'string_value') }} as page_url,
        {{ json_keyed_text('event_params', 'page_title', 'string_value') }} as page_title,
        platform,
        device_category,
        country,
        city,
        first_source,
        first_medium,
        first_campaign,
        event_params as properties_text,
        items as items_text,
        event_date,
        occurred_at
    from base
)

select * from final
