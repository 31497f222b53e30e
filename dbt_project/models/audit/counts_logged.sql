{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook="{{ forget_from_tonight() }}",
) }}

with night as (
    select as_of_date from {{ ref('stg_strata__night') }}
),

counted as (
    select
        source_name as subject,
        kept_rows as counted
    from {{ ref('row_flow') }}
    union all
    select
        'dim_customers' as subject,
        count(*) as counted
    from {{ ref('dim_customers') }}
    union all
    select
        'fct_orders' as subject,
        count(*) as counted
    from {{ ref('fct_orders') }}
    union all
    select
        'customer_rfm' as subject,
        count(*) as counted
    from {{ ref('customer_rfm') }}
    union all
    select
        'fct_interactions' as subject,
        count(*) as counted
    from {{ ref('fct_interactions') }}
),

final as (
    select
        night.as_of_date,
        counted.subject,
        cast(counted.counted as bigint) as counted
    from counted
    cross join night
)

select * from final
