with base as (
    select *
    from {{ ref('base_wecom__employees') }}
    where outcome = 'kept'
),

final as (
    select userid
    from base
)

select * from final
