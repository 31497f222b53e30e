{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook="{{ forget_from_tonight() }}",
) }}

with night as (
    select as_of_date from {{ ref('stg_strata__night') }}
),

tonight as (
    select * from {{ ref('int_segment_members_selected') }}
),

{{ open_memberships() }},

entries as (
    select
        night.as_of_date,
        tonight.segment_id,
        tonight.customer_id,
        night.as_of_date as entered_date,
        true as is_present,
        segments.definition_version,
        cast(null as varchar) as exit_reason
    from tonight
    cross join night
    inner join {{ ref('int_segments_declared') }} as segments
        on tonight.segment_id = segments.segment_id
    left join known
        on tonight.segment_id = known.segment_id and tonight.customer_id = known.customer_id
    where known.customer_id is null
),

left_tonight as (
    select known.*
    from known
    left join tonight
        on known.segment_id = tonight.segment_id and known.customer_id = tonight.customer_id
    where tonight.customer_id is null
),

changed_rules as (
    select log.segment_id
    from {{ ref('int_segment_versions_logged') }} as log
    inner join night on log.as_of_date = night.as_of_date
),

changed_customers as (
    select log.customer_id
    from {{ ref('int_customer_facts_logged') }} as log
    inner join night on log.as_of_date = night.as_of_date
),

-- The first that holds is the reason. A removed segment has no rule any more.
exits as (
    select
        night.as_of_date,
        gone.segment_id,
        gone.customer_id,
        gone.entered_date,
        false as is_present,
        cast(null as varchar) as definition_version,
        case
            when segments.segment_id is null then 'rule_changed'
            when ids.state = 'merged' then 'merged'
            when judged.customer_id is null then 'gone'
            when changed_rules.segment_id is not null then 'rule_changed'
            when parted.standing = 'c' then 'consent'
            when changed_customers.customer_id is not null then 'own_behaviour'
            else 'time_passed'
        end as exit_reason
    from left_tonight as gone
    cross join night
    left join {{ ref('int_segments_declared') }} as segments
        on gone.segment_id = segments.segment_id
    left join {{ ref('int_customer_ids_followed') }} as ids
        on gone.customer_id = ids.customer_id
    left join {{ ref('int_segment_patterns_judged') }} as judged
        on gone.customer_id = judged.customer_id
    left join {{ ref('int_segment_patterns_parted') }} as parted
        on gone.segment_id = parted.segment_id and judged.segment_pattern = parted.segment_pattern
    left join changed_rules on gone.segment_id = changed_rules.segment_id
    left join changed_customers on gone.customer_id = changed_customers.customer_id
),

final as (
    select * from entries
    union all
    select * from exits
)

select * from final
