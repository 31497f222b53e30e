with acting as (
    select distinct parted.segment_pattern
    from {{ ref('int_segment_patterns_parted') }} as parted
    inner join {{ ref('int_segments_declared') }} as segments
        on parted.segment_id = segments.segment_id
    where segments.is_action_segment and parted.standing = 'm'
),

final as (
    select judged.customer_id
    from {{ ref('int_segment_patterns_judged') }} as judged
    left join acting on judged.segment_pattern = acting.segment_pattern
    where acting.segment_pattern is null
)

select * from final
