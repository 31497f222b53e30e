with base as (
    select *
    from {{ ref('base_fxiaoke__contacts') }}
    where outcome = 'kept'
),

night as (
    select * from {{ source('strata', 'night') }}
),

genders as (
    select * from {{ ref('gender_labels') }}
),

final as (
    select
        base.record_id,
        base.contact_name,
        base.account_id,
        base.email,
        base.mobile_state,
        base.wecom_user_id,
        base.company_name,
        base.department,
        base.job_title,
        base.birth_date,
        base.contact_source,
        base.introducer_id,
        base.owner_name,
        base.life_status,
        base.created_at,
        base.modified_at,
        coalesce(
            base.mobile, base.mobile_2, base.mobile_3,
            base.phone, base.phone_2, base.phone_3
        ) as phone,
        coalesce(genders.gender, 'unknown') as gender,
        {{ is_live('base.life_status') }} as is_live,
        {{ utc_to_local('base.created_at', 'night.business_timezone') }} as created_local_at,
        {{ utc_to_local('base.modified_at', 'night.business_timezone') }} as modified_local_at
    from base
    cross join night
    left join genders on lower(base.gender_label) = genders.label
)

select * from final
