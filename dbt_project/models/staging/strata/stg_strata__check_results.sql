with source as (
    select * from {{ source('strata', 'check_results') }}
),

final as (
    select
        as_of_date,
        check_name,
        layer,
        table_name,
        passed,
        observed,
        limit_value
    from source
)

select * from final
