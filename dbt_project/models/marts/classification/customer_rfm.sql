with final as (
    select
        customer_id,
        recency_days,
        order_count,
        net_amount,
        r_score,
        f_score,
        m_score,
        rfm_cell,
        rfm_segment,
        rfm_type
    from {{ ref('int_customer_rfm_scored') }}
)

select * from final
