-- What was said of an address goes for every record that has it.
with providers as (
    select * from {{ ref('email_providers') }}
),

addresses as (
    select * from {{ ref('int_consent_addresses_unioned') }}
),

said_of_addresses as (
    select
        'campaign_email_unsubscribed' as statement,
        'email' as address_kind,
        {{ email_key('sends.recipient_email') }} as address,
        true as is_stated,
        sends.sent_at as stated_at,
        cast(null as date) as last_date,
        'campaigns' as source_system
    from {{ ref('stg_campaigns__sends') }} as sends
    left join providers on split_part(sends.recipient_email, '@', 2) = providers.domain
    where sends.is_unsubscribed and sends.recipient_email is not null
    union all
    select
        'campaign_sms_unsubscribed' as statement,
        'phone' as address_kind,
        recipient_phone as address,
        true as is_stated,
        sent_at as stated_at,
        cast(null as date) as last_date,
        'campaigns' as source_system
    from {{ ref('stg_campaigns__sends') }}
    where is_unsubscribed and recipient_phone is not null
    union all
    select
        consents.statement,
        'email' as address_kind,
        {{ email_key('consents.email') }} as address,
        consents.is_stated,
        consents.stated_at,
        consents.last_date,
        'zoho' as source_system
    from {{ ref('int_zoho_consents_unioned') }} as consents
    left join providers on split_part(consents.email, '@', 2) = providers.domain
    where consents.record_key is null and consents.email is not null
),

final as (
    select
        addresses.record_key,
        said.statement,
        said.is_stated,
        said.stated_at,
        said.last_date,
        said.source_system
    from said_of_addresses as said
    inner join addresses
        on said.address_kind = addresses.address_kind and said.address = addresses.address
)

select * from final
