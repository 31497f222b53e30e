-- Far fewer combinations of standings occur than there are customers: what is said of segments is
-- said of combinations first.
with patterns as (
    select distinct segment_pattern from {{ ref('int_segment_patterns_judged') }}
),

standings as (
    select
        segments.segment_id,
        patterns.segment_pattern,
        substring(patterns.segment_pattern, segments.pattern_position, 1) as standing
    from patterns
    cross join {{ ref('int_segments_declared') }} as segments
),

final as (
    select
        segment_id,
        segment_pattern,
        standing
    from standings
    where standing != '-'
)

select * from final
