-- What several members of staff and systems say of one customer is one tag, by the newest of them.
-- Of an exclusive group the newest tag is the first.
with seen as (
    select
        statement_id,
        max(as_of_date) as seen_date
    from {{ ref('int_tag_statements_logged') }}
    where is_present
    group by statement_id
),

tags as (
    select * from {{ ref('tags') }}
    where status = 'live'
),

dated as (
    select
        statements.*,
        coalesce(tags.exclusive_group, 'tag ' || tags.tag_id) as exclusive_group,
        coalesce(statements.stated_date, seen.seen_date) as tagged_date
    from {{ ref('int_tag_statements_identified') }} as statements
    inner join tags on statements.tag_id = tags.tag_id
    inner join seen on statements.statement_id = seen.statement_id
    where statements.customer_id is not null
),

ranked as (
    select
        *,
        count(*) over (partition by customer_id, tag_id) as statement_count,
        row_number() over (
            partition by customer_id, tag_id
            order by tagged_date desc, stated_date desc nulls last, statement_id asc
        ) as newest_first
    from dated
),

final as (
    select
        customer_id,
        tag_id,
        source,
        source_system,
        tagged_date,
        tagged_by_id,
        cast(statement_count as integer) as statement_count,
        stated_date is not null as is_date_stated,
        -- Two on one day: the one that says its day, then the one that more people say.
        row_number() over (
            partition by customer_id, exclusive_group
            order by
                tagged_date desc, stated_date desc nulls last, statement_count desc, tag_id asc
        ) as place_in_group
    from ranked
    where newest_first = 1
)

select * from final
