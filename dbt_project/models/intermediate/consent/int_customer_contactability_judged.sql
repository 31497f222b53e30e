-- Contactable is who agreed to marketing on a channel and has an address there. Silence is no yes.
with customers as (
    select
        records.customer_id,
        bool_or(relations.is_friend) as has_wechat
    from {{ ref('int_customer_records_identified') }} as records
    left join {{ ref('int_wecom_relations_judged') }} as relations
        on records.record_key = relations.record_key
    group by records.customer_id
),

addresses as (
    select
        records.customer_id,
        bool_or(contacts.phone is not null) as has_phone,
        bool_or(contacts.phone is not null and not {{ is_landline('contacts.phone') }}) as has_sms,
        bool_or(contacts.email is not null) as has_email
    from {{ ref('int_customer_records_identified') }} as records
    inner join {{ ref('int_customer_contacts_unioned') }} as contacts
        on records.record_key = contacts.record_key
    group by records.customer_id
),

consents as (
    select
        {% for channel in contact_channels() -%}
        max(case when decided.channel = '{{ channel }}' then states.contact_reason end)
            as {{ channel }}_reason,
        {% endfor -%}
        decided.customer_id
    from {{ ref('int_customer_consents_decided') }} as decided
    inner join {{ ref('consent_states') }} as states on decided.state = states.state
    where decided.purpose = 'marketing'
    group by decided.customer_id
),

judged as (
    select
        {% for channel in contact_channels() -%}
        {%- set holder = 'customers' if channel == 'wechat' else 'addresses' -%}
        case
            when
                coalesce(consents.{{ channel }}_reason, 'consented') = 'consented'
                and not coalesce({{ holder }}.has_{{ channel }}, false)
                then 'no_address'
            else coalesce(consents.{{ channel }}_reason, 'unknown')
        end as contactable_{{ channel }}_reason,
        {% endfor -%}
        customers.customer_id
    from customers
    left join addresses on customers.customer_id = addresses.customer_id
    left join consents on customers.customer_id = consents.customer_id
),

final as (
    select
        {% for channel in contact_channels() -%}
        contactable_{{ channel }}_reason,
        {% endfor -%}
        {% for channel in contact_channels() -%}
        contactable_{{ channel }}_reason = 'consented' as contactable_{{ channel }},
        {% endfor -%}
        customer_id
    from judged
)

select * from final
