with base as (
    select *
    from {{ ref('base_loyalty__points_ledger') }}
    where outcome = 'kept'
),

final as (
    select
        {{ row_key([
            'member_id', 'occurred_at', 'points_change', 'balance_after', 'order_number', 'reason',
            'entry_id',
        ]) }} as ledger_entry_id,
        entry_id as source_entry_id,
        member_id,
        points_change,
        balance_after,
        reason,
        order_number,
        phone,
        email,
        occurred_at
    from base
)

select * from final
