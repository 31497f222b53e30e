{{ config(materialized='view') }}

-- Of several segments with one goal, the one with the lowest priority number acts. It is the same
-- for everybody with the same combination of segments.
with ranked as (
    select
        parted.segment_pattern,
        segments.goal,
        parted.segment_id,
        row_number() over (
            partition by parted.segment_pattern, segments.goal
            order by segments.priority, parted.segment_id
        ) as first_place
    from {{ ref('int_segment_patterns_parted') }} as parted
    inner join {{ ref('int_segments_declared') }} as segments
        on parted.segment_id = segments.segment_id
    where segments.is_action_segment and parted.standing = 'm'
),

final as (
    select
        judged.customer_id,
        ranked.goal,
        ranked.segment_id
    from {{ ref('int_segment_patterns_judged') }} as judged
    inner join ranked on judged.segment_pattern = ranked.segment_pattern
    where ranked.first_place = 1
)

select * from final
