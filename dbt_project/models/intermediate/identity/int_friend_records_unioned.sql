-- The name of a WeChat contact is what the person calls themselves there, and no name to compare.
with night as (
    select * from {{ ref('stg_strata__night') }}
),

added as (
    select
        external_userid,
        min(created_at) as first_added_at,
        max(created_at) as last_added_at
    from {{ ref('stg_wecom__contact_owners') }}
    group by external_userid
),

final as (
    select
        'wecom' as source_system,
        'friend' as record_kind,
        contacts.external_userid as source_customer_id,
        'wecom:' || contacts.external_userid as record_key,
        cast(null as varchar) as person_name,
        contacts.gender,
        cast(null as date) as birth_date,
        cast(null as varchar) as place_text,
        contacts.job_title as occupation,
        cast(null as boolean) as is_member,
        {{ utc_to_local('added.first_added_at', 'night.business_timezone') }} as created_local_at,
        {{ utc_to_local('added.last_added_at', 'night.business_timezone') }} as modified_local_at
    from {{ ref('stg_wecom__contacts') }} as contacts
    cross join night
    left join added on contacts.external_userid = added.external_userid
)

select * from final
