-- What nobody can be named for stays, without a customer: a device may log in tomorrow.
with night as (
    select * from {{ ref('stg_strata__night') }}
),

types as (
    select * from {{ ref('interaction_types') }}
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

{% for kind in ['site', 'crm', 'member'] -%}
{{ kind }}_interactions as (
    select
        stated.source_system,
        stated.source_name,
        stated.word,
        records.customer_id,
        cast(null as varchar) as channel,
        {{ 'stated.product_code' if kind == 'site' else 'cast(null as varchar) as product_code' }},
        stated.occurred_at,
        stated.source_name || ':' || {{ dbt.hash('stated.source_key') }} as interaction_id
    from {{ ref('int_' ~ kind ~ '_interactions_unioned') }} as stated
    left join records on stated.record_key = records.record_key
),

{% endfor -%}
-- The key of a message holds an address, so its hash has a key of its own.
replies as (
    select
        replies.source_system,
        replies.source_name,
        replies.word,
        coalesce(records.customer_id, emails.customer_id, phones.customer_id) as customer_id,
        replies.channel,
        cast(null as varchar) as product_code,
        replies.occurred_at,
        replies.source_name || ':' || {{ keyed_hash('replies.source_key') }} as interaction_id
    from {{ ref('int_replies_unioned') }} as replies
    left join records on replies.record_key = records.record_key
    left join addresses as emails
        on emails.address_kind = 'email' and replies.email = emails.address
    left join addresses as phones
        on phones.address_kind = 'phone' and replies.phone = phones.address
),

unioned as (
    select * from site_interactions
    union all
    select * from crm_interactions
    union all
    select * from member_interactions
    union all
    select * from replies
),

final as (
    select
        unioned.interaction_id,
        unioned.customer_id,
        unioned.source_system,
        unioned.product_code,
        unioned.occurred_at as interacted_at,
        cast({{ utc_to_local('unioned.occurred_at', 'night.business_timezone') }} as date)
            as interaction_date,
        coalesce(own.interaction_type, other.interaction_type) as interaction_type,
        coalesce(own.channel, other.channel, unioned.channel, 'unknown') as channel
    from unioned
    cross join night
    left join types as own
        on unioned.source_name = own.source_name and lower(unioned.word) = own.word
    left join types as other
        on unioned.source_name = other.source_name and other.word = '*'
    where
        coalesce(own.is_interaction, other.is_interaction, false)
        -- A meeting that is planned has not happened yet.
        and cast({{ utc_to_local('unioned.occurred_at', 'night.business_timezone') }} as date)
        <= night.as_of_date
)

select * from final
