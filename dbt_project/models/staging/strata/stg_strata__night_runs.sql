with source as (
    select * from {{ source('strata', 'night_runs') }}
),

final as (
    select
        as_of_date,
        generation,
        published_at,
        rows_landed,
        rows_rejected,
        git_revision,
        checks_run,
        checks_failed,
        key_id
    from source
)

select * from final
