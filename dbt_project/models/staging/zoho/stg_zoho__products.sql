with base as (
    select *
    from {{ ref('base_zoho__products') }}
    where outcome = 'kept'
),

final as (
    select
        record_id,
        product_name,
        product_code,
        category,
        manufacturer,
        unit_price_amount,
        stock_quantity,
        is_active,
        is_taxable,
        sales_start_date,
        sales_end_date,
        tags_text,
        description,
        created_at,
        modified_at,
        {{ linked_record_name('vendor') }} as vendor_name,
        {{ linked_record_id('vendor') }} as vendor_id,
        {{ linked_record_name('owner') }} as owner_name,
        {{ linked_record_id('owner') }} as owner_id,
        {{ linked_record_id('created_by') }} as created_by_id
    from base
)

select * from final
