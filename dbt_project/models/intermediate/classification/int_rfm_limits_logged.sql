{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook="{{ forget_from_tonight() }}",
) }}

with final as (
    select
        night.as_of_date,
        limits.method,
        limits.measure,
        limits.score,
        limits.lower_limit,
        limits.upper_limit,
        '{{ rfm_rules() }}' as rfm_rules,
        '{{ lifecycle_rules() }}' as lifecycle_rules
    from {{ ref('int_rfm_limits_found') }} as limits
    cross join {{ ref('stg_strata__night') }} as night
)

select * from final
