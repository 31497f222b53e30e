with source as (
    select * from {{ source('strata', 'ids_known') }}
),

final as (
    select
        as_of_date,
        record_key,
        customer_id
    from source
)

select * from final
