{{ config(meta={'dagster': {'ref': {'name': 'segment_daily'}}}) }}

-- Members tonight are the open intervals, and last night's members plus entered less exited.
with open_intervals as (
    select
        segment_id,
        count(*) as members
    from {{ ref('segment_membership_history') }}
    where exited_date is null
    group by segment_id
),

daily as (
    select
        *,
        coalesce(
            lag(members) over (partition by segment_id order by as_of_date), 0
        ) as members_before,
        row_number() over (partition by segment_id order by as_of_date desc) as newest_first
    from {{ ref('segment_daily') }}
),

final as (
    select
        daily.as_of_date,
        daily.segment_id,
        daily.members,
        daily.members_before,
        open_intervals.members as open_members
    from daily
    left join open_intervals on daily.segment_id = open_intervals.segment_id
    where
        daily.members != daily.members_before + daily.entered - daily.exited
        or (daily.newest_first = 1 and daily.members != coalesce(open_intervals.members, 0))
)

select * from final
