with final as (
    select
        customer_id,
        frequency_band,
        spend_band,
        interaction_band,
        interaction_count,
        value_class,
        age_band,
        gender,
        region,
        income_band,
        occupation_class,
        top_category,
        top_category_share,
        top_category_order_count,
        top_brand,
        top_brand_share,
        top_brand_order_count,
        new_product_interest
    from {{ ref('int_customer_profile_joined') }}
)

select * from final
