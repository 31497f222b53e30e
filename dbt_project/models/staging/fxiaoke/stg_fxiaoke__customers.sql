with base as (
    select *
    from {{ ref('base_fxiaoke__customers') }}
    where outcome = 'kept'
),

night as (
    select * from {{ source('strata', 'night') }}
),

final as (
    select
        base.record_id,
        base.customer_name,
        base.customer_number,
        base.customer_type,
        base.customer_level,
        base.customer_source,
        base.industry,
        base.phone,
        base.email,
        base.province,
        base.city,
        base.district,
        base.deal_status,
        base.tags_text,
        base.last_deal_at,
        base.last_followed_at,
        base.claimed_at,
        base.pool_name,
        base.parent_account_id,
        base.lead_id,
        base.owner_name,
        base.life_status,
        base.created_at,
        base.modified_at,
        {{ is_live('base.life_status') }} as is_live,
        {{ utc_to_local('base.created_at', 'night.business_timezone') }} as created_local_at,
        {{ utc_to_local('base.modified_at', 'night.business_timezone') }} as modified_local_at
    from base
    cross join night
)

select * from final
