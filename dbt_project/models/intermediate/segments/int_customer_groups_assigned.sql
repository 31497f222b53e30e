-- Groups that people keep by hand, and WeCom's group chats as groups of their own.
with final as (
    select distinct
        mentions.customer_id,
        memberships.group_id
    from {{ ref('stg_reference__manual_groups') }} as memberships
    inner join {{ ref('int_customer_mentions_resolved') }} as mentions
        on mentions.mention_kind = 'group' and memberships.membership_id = mentions.mention_id
    union
    select distinct
        records.customer_id,
        'wecom:' || members.chat_id as group_id
    from {{ ref('stg_wecom__group_chat_members') }} as members
    inner join {{ ref('int_customer_records_identified') }} as records
        on 'wecom:' || members.external_userid = records.record_key
)

select * from final
