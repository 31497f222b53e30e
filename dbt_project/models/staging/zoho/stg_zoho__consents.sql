with base as (
    select *
    from {{ ref('base_zoho__consents') }}
    where outcome = 'kept'
),

final as (
    select
        record_id,
        related_id,
        related_module,
        email,
        email_state,
        accepts_email,
        accepts_phone,
        accepts_survey,
        accepts_social,
        data_processing_basis,
        lawful_reason,
        consent_date,
        consent_through,
        remarks,
        requested_at,
        created_at,
        modified_at,
        {{ linked_record_name('owner') }} as owner_name,
        {{ linked_record_id('owner') }} as owner_id,
        {{ linked_record_id('created_by') }} as created_by_id
    from base
)

select * from final
