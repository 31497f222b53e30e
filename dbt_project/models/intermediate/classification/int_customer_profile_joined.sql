with final as (
    select
        customers.customer_id,
        customers.customer_type,
        customers.acquired_date,
        customers.first_order_date,
        customers.last_order_date,
        customers.gender,
        customers.age_band,
        customers.province,
        customers.city,
        customers.district,
        customers.is_member,
        {% for channel in contact_channels() -%}
        customers.contactable_{{ channel }},
        {% endfor -%}
        rfm.recency_days,
        rfm.order_count,
        rfm.net_amount,
        rfm.r_score,
        rfm.f_score,
        rfm.m_score,
        rfm.rfm_cell,
        rfm.rfm_segment,
        rfm.rfm_type,
        lifecycle.lifecycle_stage,
        lifecycle.decided_by as lifecycle_decided_by,
        bands.frequency_band,
        bands.spend_band,
        bands.interaction_band,
        bands.value_class
    from {{ ref('int_customers_folded') }} as customers
    inner join {{ ref('int_customer_rfm_scored') }} as rfm
        on customers.customer_id = rfm.customer_id
    inner join {{ ref('int_customer_lifecycle_staged') }} as lifecycle
        on customers.customer_id = lifecycle.customer_id
    inner join {{ ref('int_customer_bands_assigned') }} as bands
        on customers.customer_id = bands.customer_id
)

select * from final
