with base as (
    select
        *,
        coalesce(phone, address_phone) as any_phone,
        -- The layout of 2022 has no id. Who has neither id, e-mail nor phone cannot be told apart.
        coalesce(customer_id, email, phone, address_phone) as customer_key
    from {{ ref('base_shopify__customers') }}
    where outcome = 'kept'
),

counted as (
    select
        *,
        row_number() over (
            partition by customer_key
            order by _exported_at desc, _file_number desc, _row asc
        ) as occurrence
    from base
    where customer_key is not null
),

final as (
    select
        customer_key,
        customer_id,
        first_name,
        last_name,
        email,
        any_phone as phone,
        city,
        province,
        province_code,
        country,
        country_code,
        accepts_email_marketing,
        accepts_sms_marketing,
        cast(spent_amount as decimal(18, 2)) as spent_amount,
        order_count,
        is_tax_exempt,
        tags,
        _exported_at as exported_at
    from counted
    where occurrence = 1
)

select * from final
