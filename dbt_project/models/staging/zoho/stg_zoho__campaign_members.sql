with base as (
    select *
    from {{ ref('base_zoho__campaign_members') }}
    where outcome = 'kept'
),

final as (
    select
        record_id,
        campaign_id,
        lead_id,
        contact_id,
        member_status,
        created_at,
        modified_at
    from base
)

select * from final
