-- Every interval has an entry in the log, and an exit with the same entered_date once it is closed.
with final as (
    select
        segment_id,
        customer_id,
        entered_date,
        max(case when not is_present then as_of_date end) as exited_date,
        max(exit_reason) as exit_reason,
        max(definition_version) as definition_version
    from {{ ref('int_segment_members_logged') }}
    group by segment_id, customer_id, entered_date
)

select * from final
