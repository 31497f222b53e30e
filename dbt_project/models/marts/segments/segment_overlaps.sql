-- The cost follows the combinations of segments that occur, not the customers.
with members as (
    select
        parted.segment_id,
        parted.segment_pattern,
        counted.customers
    from {{ ref('int_segment_patterns_parted') }} as parted
    inner join {{ ref('int_segment_patterns_counted') }} as counted
        on parted.segment_pattern = counted.segment_pattern
    where parted.standing = 'm'
),

shared as (
    select
        members.segment_id,
        peers.segment_id as other_segment_id,
        sum(members.customers) as members_in_both
    from members
    inner join members as peers on members.segment_pattern = peers.segment_pattern
    group by members.segment_id, peers.segment_id
),

pairs as (
    select
        segments.segment_id,
        peers.segment_id as other_segment_id,
        coalesce(sizes.members_in_both, 0) as members,
        coalesce(other_sizes.members_in_both, 0) as other_members,
        coalesce(shared.members_in_both, 0) as members_in_both
    from {{ ref('int_segments_declared') }} as segments
    inner join {{ ref('int_segments_declared') }} as peers
        on segments.segment_id != peers.segment_id
    left join shared
        on
            segments.segment_id = shared.segment_id
            and peers.segment_id = shared.other_segment_id
    left join shared as sizes
        on
            segments.segment_id = sizes.segment_id
            and segments.segment_id = sizes.other_segment_id
    left join shared as other_sizes
        on
            peers.segment_id = other_sizes.segment_id
            and peers.segment_id = other_sizes.other_segment_id
),

final as (
    select
        segment_id,
        other_segment_id,
        cast(members_in_both as bigint) as members_in_both,
        -- Two segments without members have nothing in common.
        cast(coalesce(
            members_in_both * 1.0 / nullif(members + other_members - members_in_both, 0), 0
        ) as decimal(18, 6)) as jaccard,
        cast(coalesce(
            members_in_both * 1.0 / nullif(members, 0), 0
        ) as decimal(18, 6)) as containment_share
    from pairs
)

select * from final
