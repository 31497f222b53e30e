-- A side of an override is a record, or a customer: then it is the records that the customer had on
-- the night before the decision, whatever became of them since.
with overrides as (
    select
        seeded.decided_date,
        seeded.action,
        seeded.customer_id,
        seeded.other_id,
        {{ row_key([
            'seeded.decided_date', 'seeded.action', 'seeded.customer_id', 'seeded.other_id',
        ]) }} as override_key
    from {{ ref('identity_overrides') }} as seeded
    cross join {{ ref('stg_strata__night') }} as night
    where seeded.decided_date <= night.as_of_date
),

sides as (
    select
        override_key,
        decided_date,
        action,
        'one' as side,
        customer_id as named_id
    from overrides
    union all
    select
        override_key,
        decided_date,
        action,
        'other' as side,
        other_id as named_id
    from overrides
),

entries as (
    select
        sides.override_key,
        sides.side,
        known.record_key,
        known.customer_id,
        row_number() over (
            partition by sides.override_key, sides.side, known.record_key
            order by known.as_of_date desc
        ) as newest_first
    from sides
    inner join {{ ref('stg_strata__ids_known') }} as known
        on sides.decided_date > known.as_of_date
),

named as (
    select
        sides.override_key,
        sides.decided_date,
        sides.action,
        sides.side,
        sides.named_id,
        entries.record_key
    from sides
    inner join entries
        on
            sides.override_key = entries.override_key
            and sides.side = entries.side
            and sides.named_id = entries.customer_id
            and entries.newest_first = 1
    union all
    select
        sides.override_key,
        sides.decided_date,
        sides.action,
        sides.side,
        sides.named_id,
        records.record_key
    from sides
    inner join {{ ref('int_customer_records_unioned') }} as records
        on sides.named_id = records.record_key
),

final as (
    select
        sides.override_key,
        sides.decided_date,
        sides.action,
        sides.side,
        sides.named_id,
        named.record_key
    from sides
    left join named
        on sides.override_key = named.override_key and sides.side = named.side
)

select * from final
