-- All records of a mailbox or a number, whatever the spelling, for what was said of an address.
with contacts as (
    select * from {{ ref('int_customer_contacts_unioned') }}
),

providers as (
    select * from {{ ref('email_providers') }}
),

final as (
    select distinct
        contacts.record_key,
        'email' as address_kind,
        {{ email_key('contacts.email') }} as address
    from contacts
    left join providers on split_part(contacts.email, '@', 2) = providers.domain
    where contacts.email is not null
    union all
    select distinct
        record_key,
        'phone' as address_kind,
        phone as address
    from contacts
    where phone is not null
)

select * from final
