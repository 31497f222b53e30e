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

-- Texts in the order in which the records of an id come, flags first.
ranked as (
    select
        entries.customer_id,
        entries.as_of_date,
        entries.left_date,
        case when records.record_key is not null then entries.latest_id end as latest_id,
        case when entries.left_date is null then 'a' else 'b' end
        || case when records.record_key is not null then 'a' else 'b' end
        -- Who was away and came back as somebody else is not whom the others became.
        || case when entries.next_id is not null then 'a' else 'b' end
        || cast(entries.as_of_date as varchar)
        || entries.record_key as place
    from entries
    left join {{ ref('int_customer_records_identified') }} as records
        on entries.record_key = records.record_key
    where entries.customer_id is not null
),

-- An unknown id is an empty text meanwhile, for min_by passes over what is null.
given as (
    select
        customer_id,
        min(as_of_date) as given_date,
        case when count(*) = count(left_date) then max(left_date) end as superseded_date,
        nullif(min_by(coalesce(latest_id, ''), place), '') as current_customer_id
    from ranked
    group by customer_id
),

final as (
    select
        customer_id,
        current_customer_id,
        given_date,
        superseded_date,
        case
            when current_customer_id is null then 'gone'
            when current_customer_id = customer_id then 'current'
            else 'merged'
        end as state
    from given
)

select * from final
