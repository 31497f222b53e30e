{{ config(materialized='view') }}

-- What is said to be the same person by a system itself: conversions, accounts, logins, devices.
with conversions as (
    select
        'zoho.lead:' || record_id as record_key,
        'record' as identifier_kind,
        'zoho:' || converted_contact_id as identifier_value
    from {{ ref('stg_zoho__leads') }}
    where converted_contact_id is not null
    union all
    -- A lead became the contact; the customer is then the company that the contact is at.
    select
        'fxiaoke.lead:' || record_id as record_key,
        'record' as identifier_kind,
        coalesce('fxiaoke.contact:' || contact_id, 'fxiaoke:' || account_id) as identifier_value
    from {{ ref('stg_fxiaoke__leads') }}
    where coalesce(contact_id, account_id) is not null
),

unionids as (
    select
        'wecom:' || external_userid as record_key,
        'unionid' as identifier_kind,
        unionid as identifier_value
    from {{ ref('stg_wecom__contacts') }}
    where unionid is not null
),

logins as (
    select distinct
        source_system,
        source_system || '.login:' || user_id as record_key,
        user_id
    from {{ ref('int_visits_sighted') }}
    where user_id is not null
    union all
    select
        'loyalty' as source_system,
        'loyalty:' || member_id as record_key,
        member_id as user_id
    from {{ ref('stg_loyalty__member_levels') }}
),

spaced_logins as (
    select
        logins.record_key,
        'login' as identifier_kind,
        spaces.login_space || ':' || logins.user_id as identifier_value
    from logins
    inner join {{ ref('login_spaces') }} as spaces on logins.source_system = spaces.source_system
),

devices as (
    select distinct
        source_system || '.login:' || user_id as record_key,
        'device' as identifier_kind,
        source_system || ':' || anonymous_id as identifier_value
    from {{ ref('int_visits_sighted') }}
    where user_id is not null and anonymous_id is not null
    union all
    select distinct
        source_system || '.device:' || anonymous_id as record_key,
        'device' as identifier_kind,
        source_system || ':' || anonymous_id as identifier_value
    from {{ ref('int_visits_sighted') }}
    where anonymous_id is not null
),

final as (
    select * from conversions
    union
    select * from unionids
    union
    select * from spaced_logins
    union
    select * from devices
)

select * from final
