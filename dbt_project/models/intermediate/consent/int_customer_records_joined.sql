-- Of two records of one customer that were published as two customers before: the night that made
-- them one. Only customers that were ever joined have such records.
with entries as (
    select
        record_key,
        customer_id,
        as_of_date as from_date,
        lead(as_of_date) over (partition by record_key order by as_of_date) as to_date
    from {{ ref('int_customer_ids_logged') }}
),

-- To whom a record belonged before its present customer.
former as (
    select
        record_key,
        customer_id,
        from_date,
        to_date
    from entries
    where to_date is not null and customer_id is not null
),

present as (
    select
        record_key,
        customer_id
    from entries
    where to_date is null and customer_id is not null
),

-- Two records were apart while one of them had an id that the other did not have.
apart as (
    select
        one.record_key,
        other.record_key as other_key,
        least(former.to_date, coalesce(theirs.to_date, former.to_date)) as until_date
    from present as one
    inner join former on one.record_key = former.record_key
    inner join present as other
        on one.customer_id = other.customer_id and one.record_key != other.record_key
    inner join entries as theirs
        on
            other.record_key = theirs.record_key
            and former.customer_id != theirs.customer_id
            and former.to_date > theirs.from_date
            and (former.from_date < theirs.to_date or theirs.to_date is null)
),

both_ways as (
    select
        record_key,
        other_key,
        until_date
    from apart
    union all
    select
        other_key as record_key,
        record_key as other_key,
        until_date
    from apart
),

final as (
    select
        record_key,
        other_key,
        max(until_date) as joined_date
    from both_ways
    group by record_key, other_key
)

select * from final
