with base as (
    select
        *,
        -- Fxiaoke itself only knows when the record was made.
        coalesce(happened_at, created_at) as stated_at
    from {{ ref('base_fxiaoke__activities') }}
    where outcome = 'kept'
),

night as (
    select * from {{ source('strata', 'night') }}
),

dated as (
    select
        base.*,
        {{ utc_to_local('base.stated_at', 'night.business_timezone') }} as stated_local_at
    from base
    cross join night
),

final as (
    select
        record_id,
        activity_type,
        scenario,
        account_id,
        opportunity_id,
        related_records,
        owner_name,
        life_status,
        created_at,
        modified_at,
        stated_at as happened_at,
        cast(stated_local_at as date) as activity_date,
        -- A query gives a list like ["call"], an export the bare text.
        translate(interaction_types, '[]"', '') as interaction_types,
        {{ is_live('life_status') }} as is_live
    from dated
)

select * from final
