-- Lists and answers name people in whichever way is at hand. Who is named by a record is found by
-- it, else by phone, else by e-mail; an address that several customers share names nobody.
with providers as (
    select * from {{ ref('email_providers') }}
),

mentions as (
    select
        'tag' as mention_kind,
        tagging_id as mention_id,
        source_system || ':' || record_id as record_key,
        phone,
        email
    from {{ ref('stg_reference__manual_tags') }}
    union all
    select
        'group' as mention_kind,
        membership_id as mention_id,
        source_system || ':' || record_id as record_key,
        phone,
        email
    from {{ ref('stg_reference__manual_groups') }}
    union all
    select
        'response' as mention_kind,
        survey_id || ':' || response_id as mention_id,
        cast(null as varchar) as record_key,
        phone,
        email
    from {{ ref('stg_wenjuanxing__responses') }}
    union all
    select
        'response' as mention_kind,
        survey_id || ':' || response_id as mention_id,
        cast(null as varchar) as record_key,
        phone,
        email
    from {{ ref('stg_typeform__responses') }}
),

handled as (
    select
        mentions.mention_kind,
        mentions.mention_id,
        mentions.record_key,
        mentions.phone,
        {{ email_key('mentions.email') }} as email
    from mentions
    left join providers on split_part(mentions.email, '@', 2) = providers.domain
),

records as (
    select
        record_key,
        customer_id
    from {{ ref('int_customer_records_identified') }}
),

addresses as (
    select * from {{ ref('int_addresses_identified') }}
),

final as (
    select
        handled.mention_kind,
        handled.mention_id,
        coalesce(records.customer_id, phones.customer_id, emails.customer_id) as customer_id
    from handled
    left join records on handled.record_key = records.record_key
    left join addresses as phones
        on phones.address_kind = 'phone' and handled.phone = phones.address
    left join addresses as emails
        on emails.address_kind = 'email' and handled.email = emails.address
    where coalesce(records.customer_id, phones.customer_id, emails.customer_id) is not null
)

select * from final
