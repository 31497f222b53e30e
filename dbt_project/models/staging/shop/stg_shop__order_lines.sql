with base as (
    select *
    from {{ ref('base_shop__order_lines') }}
    where outcome = 'kept'
),

final as (
    select
        'shop:' || order_id as order_id,
        order_id as source_order_id,
        row_number() over (partition by order_id order by _row) as line_number,
        line_id as source_line_id,
        customer_id as source_customer_id,
        'shop:' || product_id as product_id,
        product_id as product_code,
        product_name,
        category,
        brand,
        quantity,
        unit_price,
        cast(round(quantity * unit_price, 2) as decimal(18, 2)) as line_amount,
        order_amount,
        coalesce(currency, reporting_currency) as currency,
        order_status,
        phone,
        email,
        customer_name,
        ordered_local_at,
        {{ local_to_utc('ordered_local_at', 'business_timezone') }} as ordered_at,
        cast(ordered_local_at as date) as order_date,
        _file_id
    from base
)

select * from final
