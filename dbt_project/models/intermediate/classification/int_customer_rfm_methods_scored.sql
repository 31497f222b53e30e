with measured as (
    select *
    from {{ ref('int_customer_orders_measured') }}
    where is_scored
),

{{ rfm_scores('measured', ref('int_rfm_limits_found'), rfm_methods()) }},

final as (
    select * from celled
)

select * from final
