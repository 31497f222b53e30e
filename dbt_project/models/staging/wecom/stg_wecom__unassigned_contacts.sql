with base as (
    select *
    from {{ ref('base_wecom__unassigned_contacts') }}
    where outcome = 'kept'
),

final as (
    select
        handover_userid,
        external_userid,
        resigned_at
    from base
)

select * from final
