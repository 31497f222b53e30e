{{ config(materialized='view') }}

-- Who entered and has not left: an exit bears the date of the entry that it ends.
with log as (
    select * from {{ ref('int_segment_members_logged') }}
),

final as (
    select
        entries.segment_id,
        entries.customer_id,
        entries.entered_date,
        segments.rule_text as reason
    from log as entries
    inner join {{ ref('int_segments_declared') }} as segments
        on entries.segment_id = segments.segment_id
    left join log as exits
        on
            entries.segment_id = exits.segment_id
            and entries.customer_id = exits.customer_id
            and entries.entered_date = exits.entered_date
            and not exits.is_present
    where entries.is_present and exits.segment_id is null
)

select * from final
