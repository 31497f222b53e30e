{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook="{{ forget_from_tonight() }}",
) }}

with changes as (
    {{ change_log(ref('int_segment_members_selected'), ['segment_id', 'customer_id'], []) }}
),

night as (
    select as_of_date from {{ ref('stg_strata__night') }}
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

without_consent as (
    select
        parted.segment_id,
        judged.customer_id
    from {{ ref('int_segment_patterns_judged') }} as judged
    inner join {{ ref('int_segment_patterns_parted') }} as parted
        on judged.segment_pattern = parted.segment_pattern
    where parted.standing = 'c'
),

final as (
    select
        changes.as_of_date,
        changes.segment_id,
        changes.customer_id,
        changes.is_present,
        case when changes.is_present then segments.definition_version end as definition_version,
        -- The first that holds is the reason. A removed segment has no rule any more.
        case
            when changes.is_present then null
            when segments.segment_id is null then 'rule_changed'
            when ids.state = 'merged' then 'merged'
            when judged.customer_id is null then 'gone'
            when changed_rules.segment_id is not null then 'rule_changed'
            when without_consent.customer_id is not null then 'consent'
            when changed_customers.customer_id is not null then 'own_behaviour'
            else 'time_passed'
        end as exit_reason
    from changes
    left join {{ ref('int_segments_declared') }} as segments
        on changes.segment_id = segments.segment_id
    left join {{ ref('int_customer_ids_followed') }} as ids
        on changes.customer_id = ids.customer_id
    left join {{ ref('int_segment_patterns_judged') }} as judged
        on changes.customer_id = judged.customer_id
    left join changed_rules on changes.segment_id = changed_rules.segment_id
    left join without_consent
        on
            changes.segment_id = without_consent.segment_id
            and changes.customer_id = without_consent.customer_id
    left join changed_customers on changes.customer_id = changed_customers.customer_id
)

select * from final
