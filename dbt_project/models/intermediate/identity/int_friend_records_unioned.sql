-- The name of a WeChat contact is what the person calls themselves there, and no name to compare.
-- What staff call the contact is one where it is not taken from that, and no other of them differs.
with night as (
    select * from {{ ref('stg_strata__night') }}
),

contacts as (
    select * from {{ ref('stg_wecom__contacts') }}
),

owners as (
    select
        *,
        {{ remarked_name('remark') }} as person_name
    from {{ ref('stg_wecom__contact_owners') }}
),

named as (
    select
        owners.external_userid,
        max(owners.person_name) as person_name
    from owners
    inner join contacts on owners.external_userid = contacts.external_userid
    where
        concat_ws(' ', contacts.contact_name, contacts.nickname)
        not like '%' || owners.person_name || '%'
    group by owners.external_userid
    having min(owners.person_name) = max(owners.person_name)
),

added as (
    select
        external_userid,
        min(created_at) as first_added_at,
        max(created_at) as last_added_at
    from owners
    group by external_userid
),

final as (
    select
        'wecom' as source_system,
        'friend' as record_kind,
        contacts.external_userid as source_customer_id,
        'wecom:' || contacts.external_userid as record_key,
        named.person_name,
        contacts.gender,
        cast(null as date) as birth_date,
        cast(null as varchar) as place_text,
        contacts.job_title as occupation,
        cast(null as boolean) as is_member,
        {{ utc_to_local('added.first_added_at', 'night.business_timezone') }} as created_local_at,
        {{ utc_to_local('added.last_added_at', 'night.business_timezone') }} as modified_local_at
    from contacts
    cross join night
    left join added on contacts.external_userid = added.external_userid
    left join named on contacts.external_userid = named.external_userid
)

select * from final
