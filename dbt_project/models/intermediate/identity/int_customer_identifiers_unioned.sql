with contacts as (
    select * from {{ ref('int_customer_contacts_unioned') }}
),

phones as (
    select distinct
        record_key,
        case when {{ is_landline('phone') }} then 'landline' else 'phone' end as identifier_kind,
        phone as identifier_value
    from contacts
    where phone is not null
),

emails as (
    select distinct
        contacts.record_key,
        'email' as identifier_kind,
        {{ email_key('contacts.email') }} as identifier_value
    from contacts
    left join {{ ref('email_providers') }} as providers
        on split_part(contacts.email, '@', 2) = providers.domain
    where contacts.email is not null
),

-- A record without any other identifier is somebody all the same.
records as (
    select
        record_key,
        'record' as identifier_kind,
        record_key as identifier_value
    from {{ ref('int_customer_records_unioned') }}
),

accounts as (
    select
        record_key,
        identifier_kind,
        identifier_value
    from {{ ref('int_customer_accounts_linked') }}
    where identifier_kind != 'record' or identifier_value != record_key
),

unioned as (
    select * from phones
    union all
    select * from emails
    union all
    select * from records
    union all
    select * from accounts
),

decided as (
    select
        record_key,
        'merge' as identifier_kind,
        override_key as identifier_value
    from {{ ref('int_records_merged') }}
    union all
    select
        record_key,
        'apart' as identifier_kind,
        override_key || ':' || side as identifier_value
    from {{ ref('int_records_parted') }}
),

-- A record that somebody took out of a customer is linked only with those that were taken out
-- together with it.
separated as (
    select
        unioned.record_key,
        unioned.identifier_kind,
        case
            when splits.split_key is null or unioned.identifier_kind = 'record'
                then unioned.identifier_value
            else unioned.identifier_value || '#' || splits.split_key
        end as identifier_value
    from unioned
    left join {{ ref('int_records_split') }} as splits
        on unioned.record_key = splits.record_key
),

final as (
    select * from separated
    union all
    select * from decided
)

select * from final
