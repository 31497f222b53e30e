with base as (
    select *
    from {{ ref('base_taobao__order_lines') }}
    where outcome = 'kept'
),

statuses as (
    select *
    from {{ ref('order_statuses') }}
    where source_system = 'taobao'
),

-- Distinct, for a line with an id of its own that is repeated counts once.
given_back as (
    select distinct
        base.order_id,
        coalesce(base.line_id, cast(base._row as varchar)) as line_key,
        coalesce(
            nullif({{ to_amount('base.refunded_text') }}, 0),
            case
                when statuses.is_cancelled
                    then coalesce(base.due_amount, base.quantity * base.unit_price)
            end
        ) as refund_amount
    from base
    left join statuses
        on {{ to_status('base.line_status') }} = {{ to_status('statuses.status') }}
),

final as (
    select
        order_id,
        cast(sum(refund_amount) as decimal(18, 2)) as refund_amount
    from given_back
    where refund_amount is not null
    group by order_id
)

select * from final
