with base as (
    select *
    from {{ ref('base_fxiaoke__opportunities') }}
    where outcome = 'kept'
),

night as (
    select * from {{ source('strata', 'night') }}
),

final as (
    select
        base.record_id,
        base.account_id,
        base.amount,
        base.forecast_amount,
        base.sales_stage,
        base.sales_status,
        base.owner_name,
        base.life_status,
        base.created_at,
        base.modified_at,
        {{ is_live('base.life_status') }} as is_live,
        cast(
            {{ utc_to_local('base.closes_at', 'night.business_timezone') }} as date
        ) as closing_date,
        cast(
            {{ utc_to_local('base.created_at', 'night.business_timezone') }} as date
        ) as created_date
    from base
    cross join night
)

select * from final
