with base as (
    select *
    from {{ ref('base_wecom__corp_tags') }}
    where outcome = 'kept'
),

final as (
    select
        tag_id,
        tag_name,
        group_id,
        group_name,
        group_order,
        tag_order,
        created_at,
        coalesce(is_deleted, false) as is_deleted
    from base
)

select * from final
