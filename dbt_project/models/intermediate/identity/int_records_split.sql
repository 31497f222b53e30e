with overrides as (
    select * from {{ ref('int_identity_overrides_resolved') }}
    where action = 'split' and record_key is not null
),

-- Records that were taken out of one customer on one day stay together.
final as (
    select
        taken.record_key,
        max(taken.decided_date) as decided_date,
        max(cast(taken.decided_date as varchar) || '|' || left_one.named_id) as split_key
    from overrides as taken
    inner join overrides as left_one
        on taken.override_key = left_one.override_key and left_one.side = 'one'
    where taken.side = 'other'
    group by taken.record_key
)

select * from final
