with source as (
    select * from {{ source('strata', 'night') }}
),

final as (
    select
        as_of_date,
        run_id,
        business_timezone,
        reporting_currency
    from source
)

select * from final
