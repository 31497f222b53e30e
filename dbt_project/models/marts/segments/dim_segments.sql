with final as (
    select
        segment_id,
        name_zh,
        name_en,
        goal,
        owner,
        department,
        metric,
        baseline,
        target,
        deadline,
        priority,
        channel,
        needs_consent,
        follow_up_days,
        review_date,
        membership_source,
        group_id,
        rule_text,
        exclusions,
        definition_version,
        is_action_segment
    from {{ ref('int_segments_declared') }}
)

select * from final
