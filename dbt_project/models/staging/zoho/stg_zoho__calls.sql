with base as (
    select *
    from {{ ref('base_zoho__calls') }}
    where outcome = 'kept'
),

final as (
    select
        record_id,
        call_type,
        subject,
        call_purpose,
        call_result,
        call_status,
        started_at,
        duration_seconds,
        caller_phone,
        caller_phone_state,
        dialled_phone,
        dialled_phone_state,
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
