with base as (
    select
        *,
        -- An export may leave out the date; then the day it was entered has to do.
        coalesce(returned_at, created_at) as stated_at
    from {{ ref('base_fxiaoke__returns') }}
    where outcome = 'kept'
),

night as (
    select * from {{ source('strata', 'night') }}
),

dated as (
    select
        base.*,
        night.as_of_date,
        {{ utc_to_local('base.stated_at', 'night.business_timezone') }} as stated_local_at
    from base
    cross join night
),

final as (
    select
        record_id,
        return_number,
        account_id,
        order_id,
        order_number,
        returned_amount,
        return_reason,
        return_status,
        owner_name,
        life_status,
        created_at,
        modified_at,
        stated_at as returned_at,
        cast(stated_local_at as date) as return_date,
        {{ is_live('life_status') }} as is_live,
        -- Under review, not in force or dated ahead, nothing has come back yet.
        {{ is_in_force('life_status') }}
        and cast(stated_local_at as date) <= as_of_date as is_effective
    from dated
)

select * from final
