with final as (
    select
        customer_id,
        other_customer_id,
        reason
    from {{ ref('int_customers_proposed') }}
)

select * from final
