with final as (
    select
        as_of_date,
        method,
        measure,
        score,
        lower_limit,
        upper_limit
    from {{ ref('int_rfm_limits_logged') }}
)

select * from final
