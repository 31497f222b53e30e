{{ config(materialized='view') }}

with final as (
    select
        as_of_date,
        check_name,
        layer,
        table_name,
        passed,
        observed,
        limit_value
    from {{ ref('stg_strata__check_results') }}
)

select * from final
