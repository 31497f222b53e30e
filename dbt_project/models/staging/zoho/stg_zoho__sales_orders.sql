with base as (
    select *
    from {{ ref('base_zoho__sales_orders') }}
    where outcome = 'kept'
),

final as (
    select
        record_id,
        order_number,
        subject,
        status,
        customer_number,
        purchase_order_number,
        due_date,
        subtotal_amount,
        discount_amount,
        tax_amount,
        adjustment_amount,
        total_amount,
        currency,
        exchange_rate,
        tags_text,
        description,
        created_at,
        modified_at,
        {{ linked_record_name('account') }} as account_name,
        {{ linked_record_name('contact') }} as contact_name,
        {{ linked_record_name('deal') }} as deal_name,
        {{ linked_record_name('quote') }} as quote_name,
        {{ linked_record_id('account') }} as account_id,
        {{ linked_record_id('contact') }} as contact_id,
        {{ linked_record_id('deal') }} as deal_id,
        {{ linked_record_id('quote') }} as quote_id,
        {{ linked_record_name('owner') }} as owner_name,
        {{ linked_record_id('owner') }} as owner_id,
        {{ linked_record_id('created_by') }} as created_by_id
    from base
)

select * from final
