with base as (
    select *
    from {{ ref('base_reference__exchange_rates') }}
    -- An empty cell is no rate.
    where outcome = 'kept' and exchange_rate is not null
),

final as (
    select
        rate_date,
        from_currency,
        to_currency,
        exchange_rate
    from base
)

select * from final
