with entries as (
    select
        segment_id,
        customer_id,
        definition_version,
        is_present,
        as_of_date as entered_date,
        lead(as_of_date) over (
            partition by segment_id, customer_id
            order by as_of_date
        ) as exited_date,
        lead(exit_reason) over (
            partition by segment_id, customer_id
            order by as_of_date
        ) as exit_reason
    from {{ ref('int_segment_members_logged') }}
),

final as (
    select
        segment_id,
        customer_id,
        entered_date,
        exited_date,
        exit_reason,
        definition_version
    from entries
    where is_present
)

select * from final
