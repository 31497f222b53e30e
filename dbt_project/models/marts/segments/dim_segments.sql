with final as (
    select
        segment_id,
        name_zh,
        name_en,
        goal,
        owner,
        priority,
        rule_text,
        membership_source,
        is_action_segment
    from {{ ref('int_segments_declared') }}
)

select * from final
