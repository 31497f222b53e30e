with final as (
    select
        history.segment_id,
        history.customer_id,
        history.entered_date,
        segments.rule_text as reason
    from {{ ref('segment_membership_history') }} as history
    inner join {{ ref('int_segments_declared') }} as segments
        on history.segment_id = segments.segment_id
    where history.exited_date is null
)

select * from final
