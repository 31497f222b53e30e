with base as (
    select *
    from {{ ref('base_fxiaoke__leads') }}
    where outcome = 'kept'
),

night as (
    select * from {{ source('strata', 'night') }}
),

final as (
    select
        base.record_id,
        base.lead_name,
        base.company_name,
        base.email,
        base.lead_source,
        base.lead_stage,
        base.lead_status,
        base.lead_pool_id,
        base.campaign_id,
        base.campaign_name,
        base.wecom_user_id,
        base.account_id,
        base.contact_id,
        base.opportunity_id,
        base.close_reason,
        base.assigned_at,
        base.qualified_at,
        base.converted_at,
        base.last_followed_at,
        base.owner_name,
        base.life_status,
        base.created_at,
        base.modified_at,
        coalesce(base.mobile, base.phone) as phone,
        base.converted_at is not null as is_converted,
        {{ is_live('base.life_status') }} as is_live,
        {{ utc_to_local('base.created_at', 'night.business_timezone') }} as created_local_at,
        {{ utc_to_local('base.modified_at', 'night.business_timezone') }} as modified_local_at
    from base
    cross join night
)

select * from final
