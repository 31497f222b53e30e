-- The latest fact of any record of a customer holds. Records that were published as two customers
-- before do not overrule each other by what was said until the night that joined them: of that the
-- strictest holds.
with facts as (
    select
        facts.*,
        records.customer_id,
        row_number() over (
            partition by facts.record_key, facts.channel, facts.purpose
            order by facts.stated_at desc
        ) as newest_first
    from {{ ref('int_consent_facts_unioned') }} as facts
    inner join {{ ref('int_customer_records_identified') }} as records
        on facts.record_key = records.record_key
),

latest as (
    select
        *,
        rank() over (
            partition by customer_id, channel, purpose
            order by stated_at desc
        ) - 1 as newer_facts
    from facts
    where newest_first = 1
),

-- Newer facts that do not count against an older one, as they were said of somebody else then.
spared as (
    select
        older.record_key,
        older.channel,
        older.purpose,
        count(*) as spared_facts
    from latest as older
    inner join {{ ref('int_customer_records_joined') }} as joined
        on older.record_key = joined.record_key
    inner join latest as newer
        on
            joined.other_key = newer.record_key
            and older.channel = newer.channel
            and older.purpose = newer.purpose
            and older.stated_at < newer.stated_at
            and joined.joined_date >= newer.stated_date
    group by older.record_key, older.channel, older.purpose
),

standing as (
    select latest.*
    from latest
    left join spared
        on
            latest.record_key = spared.record_key
            and latest.channel = spared.channel
            and latest.purpose = spared.purpose
    where latest.newer_facts = coalesce(spared.spared_facts, 0)
),

ranked as (
    select
        *,
        min(strictness) over (
            partition by customer_id, channel, purpose, stated_at
        ) as least_strictness,
        row_number() over (
            partition by customer_id, channel, purpose
            order by strictness desc, stated_at desc, source_system asc, record_key asc
        ) as strictest_first
    from standing
),

final as (
    select
        customer_id,
        channel,
        purpose,
        state,
        stated_date,
        source_system,
        case
            when newer_facts > 0 then 'merge'
            when strictness > least_strictness then 'strictest'
            else 'latest'
        end as decided_by
    from ranked
    where strictest_first = 1
)

select * from final
