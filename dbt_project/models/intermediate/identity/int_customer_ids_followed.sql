-- An id that no record holds any more lives on as the id of the record that held it first, of those
-- that there still are. Where a record that is away holds it, it waits for that record to return.
with entries as (
    select
        record_key,
        customer_id,
        as_of_date,
        lead(as_of_date) over (partition by record_key order by as_of_date) as left_date,
        lead(customer_id) over (partition by record_key order by as_of_date) as next_id,
        last_value(customer_id) over (
            partition by record_key
            order by as_of_date
            rows between unbounded preceding and unbounded following
        ) as latest_id
    from {{ ref('int_customer_ids_logged') }}
),

ranked as (
    select
        entries.customer_id,
        entries.as_of_date,
        entries.left_date,
        case when records.record_key is not null then entries.latest_id end as latest_id,
        row_number() over (
            partition by entries.customer_id
            order by
                entries.left_date is null desc,
                records.record_key is not null desc,
                -- Who was away and came back as somebody else is not whom the others became.
                entries.next_id is not null desc,
                entries.as_of_date asc,
                entries.record_key asc
        ) as place
    from entries
    left join {{ ref('int_customer_records_identified') }} as records
        on entries.record_key = records.record_key
    where entries.customer_id is not null
),

given as (
    select
        customer_id,
        min(as_of_date) as given_date,
        case when count(*) = count(left_date) then max(left_date) end as superseded_date
    from ranked
    group by customer_id
),

final as (
    select
        given.customer_id,
        ranked.latest_id as current_customer_id,
        given.given_date,
        given.superseded_date,
        case
            when ranked.latest_id is null then 'gone'
            when ranked.latest_id = given.customer_id then 'current'
            else 'merged'
        end as state
    from given
    inner join ranked on given.customer_id = ranked.customer_id and ranked.place = 1
)

select * from final
