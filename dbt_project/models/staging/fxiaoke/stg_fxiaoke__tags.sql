with base as (
    select *
    from {{ ref('base_fxiaoke__tags') }}
    where outcome = 'kept'
),

final as (
    select
        base.object_name,
        base.tag_group,
        base.tag_name,
        base.tag_id,
        base.created_at,
        base.modified_at
    from base
)

select * from final
