{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook="{{ forget_from_tonight() }}",
) }}

with night as (
    select as_of_date from {{ ref('stg_strata__night') }}
),

moves as (
    select
        log.segment_id,
        count(*) filter (where log.is_present) as entered,
        count(*) filter (where not log.is_present) as exited
    from {{ ref('int_segment_members_logged') }} as log
    inner join night on log.as_of_date = night.as_of_date
    group by log.segment_id
),

sizes as (
    select
        parted.segment_id,
        sum(counted.customers) as members,
        sum(counted.buyers) as buyers,
        sum(counted.repeat_buyers) as repeat_buyers,
        sum(counted.net_amount_30d) as net_amount_30d
    from {{ ref('int_segment_patterns_parted') }} as parted
    inner join {{ ref('int_segment_patterns_counted') }} as counted
        on parted.segment_pattern = counted.segment_pattern
    where parted.standing = 'm'
    group by parted.segment_id
),

-- Where a rule is new or was changed tonight, a leap in size is what was meant.
changed_rules as (
    select log.segment_id
    from {{ ref('int_segment_versions_logged') }} as log
    inner join night on log.as_of_date = night.as_of_date
),

segments as (
    select segment_id from {{ ref('int_segments_declared') }}
    union
    select segment_id from moves
),

measured as (
    select
        night.as_of_date,
        segments.segment_id,
        declared.change_limit,
        cast(coalesce(sizes.members, 0) as bigint) as members,
        changed_rules.segment_id is not null as is_rule_changed,
        coalesce(sizes.net_amount_30d, 0) as net_amount_30d,
        sizes.repeat_buyers * 1.0 / nullif(sizes.buyers, 0) as repeat_share,
        coalesce(moves.entered, 0) as entered,
        coalesce(moves.exited, 0) as exited
    from segments
    cross join night
    left join {{ ref('int_segments_declared') }} as declared
        on segments.segment_id = declared.segment_id
    left join sizes on segments.segment_id = sizes.segment_id
    left join moves on segments.segment_id = moves.segment_id
    left join changed_rules on segments.segment_id = changed_rules.segment_id
),

final as (
    select
        as_of_date,
        segment_id,
        members,
        entered,
        exited,
        cast(net_amount_30d as decimal(18, 2)) as net_amount_30d,
        cast(repeat_share as decimal(18, 6)) as repeat_share,
        cast((entered - exited) * 1.0 / nullif(members - entered + exited, 0) as decimal(18, 6))
            as change_share,
        cast(change_limit as decimal(18, 4)) as change_limit,
        coalesce(
            not is_rule_changed
            and abs(entered - exited) >= {{ var('segment_alarm_min_customers') }}
            and abs(entered - exited) > change_limit * (members - entered + exited),
            false
        ) as is_alarm
    from measured
)

select * from final
