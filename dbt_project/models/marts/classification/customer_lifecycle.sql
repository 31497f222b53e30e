with entered as (
    select
        customer_id,
        max(as_of_date) as stage_since
    from {{ ref('int_customer_lifecycle_logged') }}
    group by customer_id
),

final as (
    select
        staged.customer_id,
        staged.lifecycle_stage,
        entered.stage_since,
        staged.decided_by
    from {{ ref('int_customer_lifecycle_staged') }} as staged
    inner join entered on staged.customer_id = entered.customer_id
)

select * from final
