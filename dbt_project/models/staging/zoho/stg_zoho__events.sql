with base as (
    select *
    from {{ ref('base_zoho__events') }}
    where outcome = 'kept'
),

final as (
    select
        record_id,
        event_title,
        location,
        starts_at,
        ends_at,
        is_all_day,
        participants_text,
        related_module,
        tags_text,
        description,
        created_at,
        modified_at,
        {{ linked_record_name('contact') }} as contact_name,
        {{ linked_record_name('related') }} as related_name,
        {{ linked_record_id('contact') }} as contact_id,
        {{ linked_record_id('related') }} as related_id,
        {{ linked_record_name('owner') }} as owner_name,
        {{ linked_record_id('owner') }} as owner_id,
        {{ linked_record_id('created_by') }} as created_by_id
    from base
)

select * from final
