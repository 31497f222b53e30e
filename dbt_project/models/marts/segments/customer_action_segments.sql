-- Of several segments with one goal, the one with the lowest priority number acts.
with ranked as (
    select
        members.customer_id,
        segments.goal,
        members.segment_id,
        row_number() over (
            partition by members.customer_id, segments.goal
            order by segments.priority, members.segment_id
        ) as first_place
    from {{ ref('int_segment_members_selected') }} as members
    inner join {{ ref('int_segments_declared') }} as segments
        on members.segment_id = segments.segment_id
    where segments.is_action_segment
),

final as (
    select
        customer_id,
        goal,
        segment_id
    from ranked
    where first_place = 1
)

select * from final
