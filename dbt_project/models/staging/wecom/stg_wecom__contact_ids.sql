with base as (
    select *
    from {{ ref('base_wecom__contact_ids') }}
    where outcome = 'kept'
),

final as (
    select external_userid
    from base
)

select * from final
