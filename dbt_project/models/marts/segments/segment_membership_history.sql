{{ config(materialized='view') }}

-- Every interval is an entry in the log, and is closed by the exit with the same entered_date.
with final as (
    select
        entries.segment_id,
        entries.customer_id,
        entries.entered_date,
        exits.as_of_date as exited_date,
        exits.exit_reason,
        entries.definition_version
    from {{ ref('int_segment_members_logged') }} as entries
    left join {{ ref('int_segment_members_logged') }} as exits
        on
            entries.segment_id = exits.segment_id
            and entries.customer_id = exits.customer_id
            and entries.entered_date = exits.entered_date
            and not exits.is_present
    where entries.is_present
)

select * from final
