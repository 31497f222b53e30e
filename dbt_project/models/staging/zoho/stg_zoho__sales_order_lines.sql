with base as (
    select *
    from {{ ref('base_zoho__sales_order_lines') }}
    where outcome = 'kept'
),

final as (
    select
        record_id,
        order_id,
        quantity,
        list_price_amount,
        gross_amount,
        discount_amount,
        tax_amount,
        line_amount,
        description,
        created_at,
        modified_at,
        {{ linked_record_name('product') }} as product_name,
        {{ linked_record_id('product') }} as product_id
    from base
)

select * from final
