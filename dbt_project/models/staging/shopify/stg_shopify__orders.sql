with base as (
    select *
    from {{ ref('base_shopify__orders') }}
    where outcome = 'kept'
),

-- What belongs to the order stands on its first row only; max() skips the blanks of the others.
grouped as (
    select
        order_name,
        cast(max(total_amount) as decimal(18, 2)) as total_amount,
        cast(coalesce(max(refunded_amount), 0) as decimal(18, 2)) as refunded_amount,
        max(order_number) as order_number,
        max(email) as email,
        max(phone) as phone,
        max(billing_name) as billing_name,
        max(city) as city,
        max(province) as province,
        max(country) as country,
        max(financial_status) as financial_status,
        bool_or(accepts_marketing) as accepts_marketing,
        max(currency) as currency,
        min(created_at) as created_at,
        min(order_date) as order_date,
        max(cancelled_text) is not null as is_cancelled,
        max(channel) as channel,
        max(_exported_at) as exported_at
    from base
    group by order_name
),

final as (
    select
        order_name,
        email,
        phone,
        billing_name,
        city,
        province,
        country,
        financial_status,
        accepts_marketing,
        currency,
        total_amount,
        refunded_amount,
        created_at,
        order_date,
        is_cancelled,
        exported_at,
        coalesce(order_number, order_name) as source_order_id,
        'shopify:' || coalesce(order_number, order_name) as order_id,
        coalesce(channel, 'web') as channel
    from grouped
    where total_amount is not null
)

select * from final
