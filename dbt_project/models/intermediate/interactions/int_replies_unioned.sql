{{ config(materialized='view') }}

-- Reactions to messages and surveys, which name people by an address. Whoever sends messages says
-- when they went out, and only that they were opened: that is the time of the reaction.
with providers as (
    select * from {{ ref('email_providers') }}
),

sends as (
    select
        'campaigns' as source_system,
        'campaigns.sends' as source_name,
        {{ row_key(['channel', 'campaign_id', 'recipient', 'sent_at']) }} as source_key,
        case when is_clicked then 'click' when is_opened then 'open' end as word,
        channel,
        recipient_phone as phone,
        recipient_email as email,
        -- WeChat messages name a contact of WeCom.
        case
            when coalesce(recipient_phone, recipient_email) is null then 'wecom:' || recipient
        end as record_key,
        sent_at as occurred_at
    from {{ ref('stg_campaigns__sends') }}
    -- Most are neither, and no interaction; reading whom they went to costs most of this.
    where is_opened or is_clicked
),

wenjuanxing as (
    select
        'wenjuanxing' as source_system,
        'wenjuanxing.answers' as source_name,
        survey_id || ':' || response_id as source_key,
        'response' as word,
        cast(null as varchar) as channel,
        phone,
        email,
        'loyalty:' || respondent_id as record_key,
        submitted_at as occurred_at
    from {{ ref('stg_wenjuanxing__responses') }}
),

typeform as (
    select
        'typeform' as source_system,
        'typeform.responses' as source_name,
        survey_id || ':' || response_id as source_key,
        'response' as word,
        cast(null as varchar) as channel,
        phone,
        email,
        'loyalty:' || respondent_id as record_key,
        submitted_at as occurred_at
    from {{ ref('stg_typeform__responses') }}
    where is_submitted
),

unioned as (
    select * from sends
    union all
    select * from wenjuanxing
    union all
    select * from typeform
),

final as (
    select
        unioned.source_system,
        unioned.source_name,
        unioned.source_key,
        unioned.word,
        unioned.channel,
        unioned.record_key,
        unioned.phone,
        {{ email_key('unioned.email') }} as email,
        unioned.occurred_at
    from unioned
    left join providers on split_part(unioned.email, '@', 2) = providers.domain
)

select * from final
