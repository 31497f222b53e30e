with entered as (
    select
        segment_id,
        customer_id,
        max(entered_date) as entered_date
    from {{ ref('int_segment_members_logged') }}
    group by segment_id, customer_id
),

final as (
    select
        members.segment_id,
        members.customer_id,
        entered.entered_date,
        segments.rule_text as reason
    from {{ ref('int_segment_members_selected') }} as members
    inner join {{ ref('int_segments_declared') }} as segments
        on members.segment_id = segments.segment_id
    inner join entered
        on
            members.segment_id = entered.segment_id
            and members.customer_id = entered.customer_id
)

select * from final
