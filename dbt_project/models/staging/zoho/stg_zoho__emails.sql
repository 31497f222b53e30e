with base as (
    select *
    from {{ ref('base_zoho__emails') }}
    where outcome = 'kept'
),

final as (
    select
        record_id,
        related_module,
        subject,
        recipient_email,
        recipient_email_state,
        sender_email,
        template_id,
        status,
        open_count,
        first_opened_at,
        last_opened_at,
        sent_at,
        attachment_json,
        created_at,
        modified_at,
        {{ linked_record_name('related') }} as related_name,
        {{ linked_record_id('related') }} as related_id,
        {{ linked_record_name('owner') }} as owner_name,
        {{ linked_record_id('owner') }} as owner_id,
        -- Whoever clicked has opened, also where the mail program loaded no picture that says so.
        (
            coalesce(lower(status) in ('opened', 'clicked'), false)
            or coalesce(open_count, 0) > 0
            or first_opened_at is not null
        ) as is_opened,
        coalesce(lower(status) = 'clicked', false) as is_clicked,
        coalesce(lower(status) = 'bounced', false) as is_bounced
    from base
)

select * from final
