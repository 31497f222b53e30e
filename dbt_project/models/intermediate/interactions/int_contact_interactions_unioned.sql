{{ config(materialized='view') }}

-- What members of staff noted about a customer, and what chats and the club know of a member.
with calls as (
    select
        'zoho' as source_system,
        'zoho.calls' as source_name,
        record_id as source_key,
        case
            when lower(call_type) = 'outbound' and duration_seconds = 0 then 'unanswered'
            else call_type
        end as word,
        {{ zoho_person('contact_id') }} as record_key,
        started_at as occurred_at
    from {{ ref('stg_zoho__calls') }}
),

meetings as (
    select
        'zoho' as source_system,
        'zoho.events' as source_name,
        record_id as source_key,
        'meeting' as word,
        {{ zoho_person('contact_id') }} as record_key,
        starts_at as occurred_at
    from {{ ref('stg_zoho__events') }}
),

emails as (
    select
        'zoho' as source_system,
        'zoho.emails' as source_name,
        record_id as source_key,
        case when is_clicked then 'click' when is_opened then 'open' end as word,
        {{ zoho_person() }} as record_key,
        coalesce(first_opened_at, sent_at) as occurred_at
    from {{ ref('stg_zoho__emails') }}
),

activities as (
    select
        'fxiaoke' as source_system,
        'fxiaoke.activities' as source_name,
        record_id as source_key,
        coalesce(nullif(split_part(interaction_types, ',', 1), ''), 'none') as word,
        'fxiaoke:' || account_id as record_key,
        happened_at as occurred_at
    from {{ ref('stg_fxiaoke__activities') }}
    where is_live
),

added as (
    select
        'wecom' as source_system,
        'wecom.contact_owners' as source_name,
        external_userid || ':' || userid as source_key,
        'added' as word,
        'wecom:' || external_userid as record_key,
        created_at as occurred_at
    from {{ ref('stg_wecom__contact_owners') }}
),

joined as (
    select
        'wecom' as source_system,
        'wecom.group_chat_members' as source_name,
        chat_id || ':' || external_userid as source_key,
        'joined' as word,
        'wecom:' || external_userid as record_key,
        joined_at as occurred_at
    from {{ ref('stg_wecom__group_chat_members') }}
    where external_userid is not null
),

redeemed as (
    select
        'loyalty' as source_system,
        'loyalty.points_ledger' as source_name,
        ledger_entry_id as source_key,
        reason as word,
        'loyalty:' || member_id as record_key,
        occurred_at
    from {{ ref('stg_loyalty__points_ledger') }}
    where points_change < 0
),

final as (
    {% for source in [
        'calls', 'meetings', 'emails', 'activities', 'added', 'joined', 'redeemed',
    ] -%}
    select * from {{ source }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select * from final
