with base as (
    select *
    from {{ ref('base_fxiaoke__customers') }}
    where outcome = 'kept'
),

final as (
    select
        record_id,
        email,
        phone,
        city,
        province,
        life_status,
        created_local_at,
        modified_local_at
    from base
)

select * from final
