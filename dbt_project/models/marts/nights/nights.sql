{{ config(materialized='view') }}

with final as (
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
    from {{ ref('stg_strata__night_runs') }}
)

select * from final
