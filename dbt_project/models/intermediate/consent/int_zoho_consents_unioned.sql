{%- set fields = ['email', 'phone', 'survey', 'social'] %}

with night as (
    select * from {{ ref('stg_strata__night') }}
),

consents as (
    select
        consents.email,
        {% for field in fields -%}
        consents.accepts_{{ field }},
        {% endfor -%}
        case
            when lower(consents.related_module) like 'lead%'
                then 'zoho.lead:' || consents.related_id
            else 'zoho:' || consents.related_id
        end as record_key,
        -- A day counts from its beginning, so that whatever was said later that day is newer.
        coalesce(
            {{ local_to_utc(
                'cast(consents.consent_date as timestamp)', 'night.business_timezone'
            ) }},
            consents.modified_at,
            consents.created_at
        ) as stated_at,
        -- Mostly a channel; where it is a date, the last day of the consent.
        {{ to_date('consents.consent_through', 'night.business_timezone') }} as last_date
    from {{ ref('stg_zoho__consents') }} as consents
    cross join night
),

unsubscribed as (
    select
        'zoho:' || record_id as record_key,
        unsubscribed_at
    from {{ ref('stg_zoho__contacts') }}
    where unsubscribed_at is not null
    union all
    select
        'zoho.lead:' || record_id as record_key,
        unsubscribed_at
    from {{ ref('stg_zoho__leads') }}
    where unsubscribed_at is not null
),

final as (
    {% for field in fields -%}
    select
        record_key,
        email,
        'zoho_consent_{{ field }}' as statement,
        accepts_{{ field }} as is_stated,
        stated_at,
        last_date
    from consents
    where accepts_{{ field }} is not null
    union all
    {% endfor -%}
    select
        record_key,
        cast(null as varchar) as email,
        'zoho_unsubscribed' as statement,
        true as is_stated,
        unsubscribed_at as stated_at,
        cast(null as date) as last_date
    from unsubscribed
)

select * from final
