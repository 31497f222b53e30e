with base as (
    select *
    from {{ ref('base_campaigns__sends') }}
    where outcome in ('kept', 'superseded', 'repeated')
),

statuses as (
    select * from {{ ref('send_statuses') }}
),

told as (
    select
        base.channel,
        base.campaign_id,
        base.recipient,
        base.sent_at,
        base.campaign_name,
        base.outcome,
        coalesce(base.is_delivered, statuses.is_delivered) as is_delivered,
        coalesce(base.is_opened, statuses.is_opened) as is_opened,
        coalesce(base.is_clicked, statuses.is_clicked) as is_clicked,
        coalesce(base.is_bounced, statuses.is_bounced) as is_bounced,
        coalesce(base.is_unsubscribed, statuses.is_unsubscribed) as is_unsubscribed
    from base
    left join statuses on lower(base.send_status) = statuses.send_status
),

-- What came of a message only grows: what any export said of it holds.
merged as (
    select
        channel,
        campaign_id,
        recipient,
        sent_at,
        max(campaign_name) filter (where outcome = 'kept') as campaign_name,
        bool_or(is_delivered) as is_delivered,
        bool_or(is_opened) as is_opened,
        bool_or(is_clicked) as is_clicked,
        bool_or(is_bounced) as is_bounced,
        bool_or(is_unsubscribed) as is_unsubscribed
    from told
    group by channel, campaign_id, recipient, sent_at
),

final as (
    select
        channel,
        campaign_id,
        campaign_name,
        recipient,
        sent_at,
        is_delivered,
        is_opened,
        is_clicked,
        is_bounced,
        is_unsubscribed,
        {{ to_phone('recipient') }} as recipient_phone,
        {{ to_email('recipient') }} as recipient_email
    from merged
)

select * from final
