with base as (
    select *
    from {{ ref('base_wecom__group_chat_members') }}
    where outcome = 'kept'
),

final as (
    select
        chat_id,
        userid,
        unionid,
        joined_at,
        join_scene,
        state,
        invitor_userid,
        group_nickname,
        member_name,
        case when member_type = 2 then userid end as external_userid,
        coalesce(member_type = 1, false) as is_staff
    from base
)

select * from final
