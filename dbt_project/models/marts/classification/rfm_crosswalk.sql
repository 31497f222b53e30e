with final as (
    select
        rfm_segment,
        rfm_type,
        cast(sum(net_amount) as decimal(18, 2)) as net_amount,
        count(*) as customers
    from {{ ref('int_customer_rfm_scored') }}
    group by rfm_segment, rfm_type
)

select * from final
