with {{ moved_customers(ref('int_customer_lifecycle_logged'), ['lifecycle_stage']) }},

-- The band of tonight under the limits of last night: those of the customer, where they changed.
compared as (
    select
        moved.customer_id,
        moved.from_lifecycle_stage,
        moved.to_lifecycle_stage,
        changes.change_kind,
        rules_known.has_new_lifecycle_rules,
        case
            when changes.change_kind is null and changes.known_silent_from_days is not null
                then {{ lifecycle_band(
                    'staged.recency_days',
                    'changes.known_silent_from_days',
                    'changes.known_churned_from_days'
                ) }}
        end as frozen_stage
    from moved
    cross join rules_known
    left join {{ ref('int_customer_changes_compared') }} as changes
        on moved.customer_id = changes.customer_id
    left join {{ ref('int_customer_lifecycle_staged') }} as staged
        on moved.customer_id = staged.customer_id
),

final as (
    select
        customer_id,
        from_lifecycle_stage,
        to_lifecycle_stage,
        {{ cause_of_move(
            'from_lifecycle_stage',
            'to_lifecycle_stage',
            'change_kind',
            '(has_new_lifecycle_rules or frozen_stage = from_lifecycle_stage)',
        ) }} as cause
    from compared
)

select * from final
