with base as (
    select *
    from {{ ref('base_loyalty__member_levels') }}
    where outcome = 'kept'
),

final as (
    select
        member_id,
        member_level,
        level_since_date,
        joined_date,
        member_name,
        phone,
        email,
        points_balance
    from base
)

select * from final
