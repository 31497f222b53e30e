{{ config(materialized='view') }}

-- Everybody who is said to have a tag tonight, and the tags that systems list without giving them
-- to anybody. The list that people keep by hand names a record of a system, a phone or an e-mail.
with night as (
    select * from {{ ref('stg_strata__night') }}
),

providers as (
    select * from {{ ref('email_providers') }}
),

texts as (
    select * from {{ ref('int_tag_texts_unioned') }}
),

listed as (
    select listed.*
    from {{ ref('stg_reference__manual_tags') }} as listed
    cross join night
    where
        coalesce(listed.valid_from_date <= night.as_of_date, true)
        and coalesce(listed.valid_until_date >= night.as_of_date, true)
),

definitions as (
    select
        'zoho' as source_system,
        cast(null as varchar) as tag_group,
        tag_name as tag_text
    from {{ ref('stg_zoho__tags') }}
    where module_name in ('Contacts', 'Leads')
    union
    select
        'fxiaoke' as source_system,
        tag_group,
        tag_name as tag_text
    from {{ ref('stg_fxiaoke__tags') }}
    where object_name = '客户'
    union
    select
        'wecom' as source_system,
        group_name as tag_group,
        tag_name as tag_text
    from {{ ref('stg_wecom__corp_tags') }}
    where not is_deleted
),

unioned as (
    select
        source_system,
        source,
        record_key,
        cast(null as varchar) as phone,
        cast(null as varchar) as email,
        cast(null as varchar) as record_system,
        cast(null as varchar) as record_id,
        tag_group,
        tag_text,
        tagged_by,
        cast(null as date) as stated_date,
        false as is_definition
    from texts
    union all
    select
        'reference' as source_system,
        'manual' as source,
        cast(null as varchar) as record_key,
        listed.phone,
        {{ email_key('listed.email') }} as email,
        lower(listed.source_system) as record_system,
        listed.record_id,
        cast(null as varchar) as tag_group,
        listed.tag as tag_text,
        listed.tagged_by,
        listed.valid_from_date as stated_date,
        false as is_definition
    from listed
    left join providers on split_part(listed.email, '@', 2) = providers.domain
    union all
    select
        source_system,
        'manual' as source,
        cast(null as varchar) as record_key,
        cast(null as varchar) as phone,
        cast(null as varchar) as email,
        cast(null as varchar) as record_system,
        cast(null as varchar) as record_id,
        tag_group,
        tag_text,
        cast(null as varchar) as tagged_by,
        cast(null as date) as stated_date,
        true as is_definition
    from definitions
)

select * from unioned
