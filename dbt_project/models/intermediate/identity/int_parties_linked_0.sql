-- What somebody merged by hand is one party before any rule is heard.
with merged as (
    select
        record_key,
        override_key
    from {{ ref('int_records_merged') }}
),

edges as (
    select
        record_key as other_party,
        min(record_key) over (partition by override_key) as party
    from merged
),

{{ connected('edges', 'merged') }},

final as (
    select
        records.record_key,
        coalesce(merged_labels.label, records.record_key) as party
    from {{ ref('int_records_scoped') }} as records
    left join merged_labels on records.record_key = merged_labels.party
)

select * from final
