with night as (
    select * from {{ source('strata', 'night') }}
),

rates as (
    select * from {{ ref('stg_reference__exchange_rates') }}
),

-- A rate holds until the next one; none is fixed on a holiday, but one that is too old is none.
periods as (
    select
        rates.from_currency,
        rates.rate_date,
        rates.exchange_rate,
        lead(rates.rate_date) over (
            partition by rates.from_currency
            order by rates.rate_date
        ) as next_date,
        cast({{ dbt.dateadd(
            'day', var('exchange_rate_max_age_days') + 1, 'rates.rate_date'
        ) }} as date) as expiry_date
    from rates
    cross join night
    where rates.to_currency = night.reporting_currency
),

final as (
    select
        from_currency,
        rate_date as valid_from_date,
        exchange_rate,
        least(coalesce(next_date, expiry_date), expiry_date) as valid_until_date
    from periods
)

select * from final
