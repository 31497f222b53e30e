with final as (
    select
        customer_id,
        customer_type,
        acquired_date,
        first_order_date,
        last_order_date,
        gender,
        age_band,
        province,
        city,
        is_member,
        source_systems,
        -- No source of consent for WeChat or phone is declared: unknown consent is none.
        false as contactable_wechat,
        false as contactable_phone,
        contactable_email
    from {{ ref('int_customers_folded') }}
)

select * from final
