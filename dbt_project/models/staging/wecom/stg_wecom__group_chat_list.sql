with base as (
    select *
    from {{ ref('base_wecom__group_chat_list') }}
    where outcome = 'kept'
),

final as (
    select
        chat_id,
        status_code
    from base
)

select * from final
