{{ config(materialized='view') }}

with entered as (
    select
        customer_id,
        max(as_of_date) as stage_since
    from {{ ref('int_customer_lifecycle_logged') }}
    group by customer_id
),

interactions as (
    select
        customer_id,
        last_interaction_date
    from {{ ref('int_customer_interactions_measured') }}
),

tags as (
    select
        customer_id,
        tag_list
    from {{ ref('int_customer_profile_tagged') }}
),

final as (
    select
        profile.customer_id,
        profile.customer_type,
        profile.acquired_date,
        profile.first_order_date,
        profile.last_order_date,
        interactions.last_interaction_date,
        profile.source_systems,
        profile.gender,
        profile.age_band,
        profile.province,
        profile.city,
        profile.district,
        profile.region,
        profile.income_band,
        profile.occupation_class,
        profile.is_member,
        {% for channel in contact_channels() -%}
        profile.contactable_{{ channel }},
        {% endfor -%}
        profile.recency_days,
        profile.order_count,
        profile.net_amount,
        profile.r_score,
        profile.f_score,
        profile.m_score,
        profile.rfm_cell,
        profile.rfm_segment,
        profile.rfm_type,
        profile.lifecycle_stage,
        entered.stage_since,
        profile.frequency_band,
        profile.spend_band,
        profile.interaction_band,
        profile.interaction_count,
        profile.value_class,
        profile.top_category,
        profile.top_category_share,
        profile.top_category_order_count,
        profile.top_brand,
        profile.top_brand_share,
        profile.top_brand_order_count,
        profile.new_product_interest,
        tags.tag_list
    from {{ ref('int_customer_profile_joined') }} as profile
    inner join entered on profile.customer_id = entered.customer_id
    inner join interactions on profile.customer_id = interactions.customer_id
    inner join tags on profile.customer_id = tags.customer_id
)

select * from final
