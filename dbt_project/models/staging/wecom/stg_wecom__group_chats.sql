with base as (
    select *
    from {{ ref('base_wecom__group_chats') }}
    where outcome = 'kept'
),

final as (
    select
        chat_id,
        chat_name,
        owner_userid,
        created_at,
        notice
    from base
)

select * from final
