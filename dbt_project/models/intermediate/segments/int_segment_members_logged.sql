{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook="{{ forget_from_tonight() }}",
) }}

with changes as (
    {{ change_log(ref('int_segment_members_selected'), ['segment_id', 'customer_id'], []) }}
),

final as (
    select
        changes.as_of_date,
        changes.segment_id,
        changes.customer_id,
        changes.is_present,
        case
            when changes.is_present then null
            when segments.segment_id is null then 'segment_removed'
            when customers.customer_id is null then 'customer_merged'
            else 'rule_not_met'
        end as exit_reason
    from changes
    left join {{ ref('int_segments_declared') }} as segments
        on changes.segment_id = segments.segment_id
    left join {{ ref('int_customers_folded') }} as customers
        on changes.customer_id = customers.customer_id
)

select * from final
