with {{ moved_customers(ref('int_customer_rfm_logged'), ['rfm_segment', 'rfm_cell']) }},

limits_frozen as (
    select *
    from limits_known
    where method = '{{ rfm_method() }}'
),

measured as (
    select measured.*
    from {{ ref('int_customer_orders_measured') }} as measured
    inner join moved on measured.customer_id = moved.customer_id
    where measured.is_scored
),

{{ rfm_scores('measured', 'limits_frozen', [rfm_method()]) }},

-- Where last night's cell now names another segment, the table of cells was edited.
compared as (
    select
        moved.customer_id,
        moved.from_rfm_segment,
        moved.to_rfm_segment,
        changes.change_kind,
        celled.rfm_segment as frozen_segment,
        cells.rfm_segment as cell_segment,
        rules_known.has_new_rfm_rules
    from moved
    cross join rules_known
    left join {{ ref('int_customer_changes_compared') }} as changes
        on moved.customer_id = changes.customer_id
    left join celled on moved.customer_id = celled.customer_id
    left join {{ ref('int_rfm_cells_joined') }} as cells
        on
            moved.from_rfm_cell = cells.rfm_cell
            and cells.bins = {{ rfm_bins_of(rfm_method()) }}
),

final as (
    select
        customer_id,
        from_rfm_segment,
        to_rfm_segment,
        {{ cause_of_move(
            'from_rfm_segment',
            'to_rfm_segment',
            'change_kind',
            '(has_new_rfm_rules or frozen_segment = from_rfm_segment'
            ~ ' or cell_segment != from_rfm_segment)',
        ) }} as cause
    from compared
)

select * from final
