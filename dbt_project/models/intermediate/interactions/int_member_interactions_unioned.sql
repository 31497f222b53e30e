{{ config(materialized='view') }}

-- Who became a WeChat contact, joined a group chat or spent points.
with added as (
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
    select * from added
    union all
    select * from joined
    union all
    select * from redeemed
)

select * from final
