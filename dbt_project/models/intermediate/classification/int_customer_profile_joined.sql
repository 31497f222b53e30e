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
        customers.source_systems,
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
        bands.interaction_count,
        bands.value_class,
        affinities.top_category,
        affinities.top_category_share,
        affinities.top_category_order_count,
        affinities.top_brand,
        affinities.top_brand_share,
        affinities.top_brand_order_count,
        affinities.new_product_interest,
        backgrounds.income_band,
        backgrounds.occupation_class,
        coalesce(regions.region, 'unknown') as region,
        customers.birth_month,
        standings.member_level,
        standings.satisfaction_share
    from {{ ref('int_customers_folded') }} as customers
    inner join {{ ref('int_customer_rfm_scored') }} as rfm
        on customers.customer_id = rfm.customer_id
    inner join {{ ref('int_customer_lifecycle_staged') }} as lifecycle
        on customers.customer_id = lifecycle.customer_id
    inner join {{ ref('int_customer_bands_assigned') }} as bands
        on customers.customer_id = bands.customer_id
    inner join {{ ref('int_customer_affinities_measured') }} as affinities
        on customers.customer_id = affinities.customer_id
    inner join {{ ref('int_customer_backgrounds_won') }} as backgrounds
        on customers.customer_id = backgrounds.customer_id
    left join {{ ref('regions') }} as regions on customers.province = regions.province
    inner join {{ ref('int_customer_standings_measured') }} as standings
        on customers.customer_id = standings.customer_id
)

select * from final
