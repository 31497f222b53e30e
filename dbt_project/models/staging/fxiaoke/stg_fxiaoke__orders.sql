with base as (
    select
        *,
        -- An export may leave out the date; then the day it was entered has to do.
        coalesce(ordered_at, created_at) as stated_at
    from {{ ref('base_fxiaoke__orders') }}
    where outcome = 'kept'
),

night as (
    select * from {{ source('strata', 'night') }}
),

dated as (
    select
        base.*,
        night.as_of_date,
        night.reporting_currency,
        {{ utc_to_local('base.stated_at', 'night.business_timezone') }} as stated_local_at
    from base
    cross join night
),

final as (
    select
        record_id,
        order_number,
        account_id,
        opportunity_id,
        order_amount,
        product_amount,
        payment_amount,
        receivable_amount,
        order_status,
        shipping_status,
        settlement,
        shipping_phone,
        owner_name,
        life_status,
        submitted_at,
        created_at,
        modified_at,
        stated_at as ordered_at,
        stated_local_at as ordered_local_at,
        cast(stated_local_at as date) as order_date,
        coalesce(returned_amount, 0) as returned_amount,
        coalesce(refunded_amount, 0) as refunded_amount,
        coalesce(upper(currency), reporting_currency) as currency,
        coalesce(order_status in ('7', '已确认'), false) as is_confirmed,
        {{ is_live('life_status') }} as is_live,
        -- Under review, not in force or dated ahead, an order is there but no sale.
        {{ is_in_force('life_status') }}
        and cast(stated_local_at as date) <= as_of_date as is_effective
    from dated
)

select * from final
