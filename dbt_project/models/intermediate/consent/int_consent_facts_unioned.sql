{{ config(materialized='view') }}

-- What statements mean as of the night. Of one record and instant the strictest holds.
with night as (
    select * from {{ ref('stg_strata__night') }}
),

dated as (
    select
        stated.*,
        night.as_of_date,
        cast({{ utc_to_local('stated.stated_at', 'night.business_timezone') }} as date)
            as stated_date
    from {{ ref('int_consent_statements_unioned') }} as stated
    cross join night
    where stated.stated_at is not null
),

meant as (
    select
        dated.record_key,
        dated.as_of_date,
        dated.stated_at,
        dated.stated_date,
        dated.source_system,
        meanings.channel,
        meanings.purpose,
        meanings.state as stated_state,
        coalesce(
            dated.last_date,
            cast({{ dbt.dateadd('day', 'meanings.valid_days', 'dated.stated_date') }} as date)
        ) as last_date
    from dated
    inner join {{ ref('consent_statements') }} as meanings
        on dated.statement = meanings.statement and dated.is_stated = meanings.is_stated
),

-- A consent holds on its last day.
aged as (
    select
        *,
        case
            when stated_state = 'granted' and last_date < as_of_date then 'expired'
            else stated_state
        end as state
    from meant
),

ranked as (
    select
        aged.*,
        states.strictness,
        row_number() over (
            partition by aged.record_key, aged.channel, aged.purpose, aged.stated_at
            order by states.strictness desc, aged.source_system asc, aged.last_date asc
        ) as strictest_first
    from aged
    inner join {{ ref('consent_states') }} as states on aged.state = states.state
),

final as (
    select
        record_key,
        channel,
        purpose,
        stated_at,
        stated_date,
        state,
        strictness,
        source_system
    from ranked
    where strictest_first = 1
)

select * from final
