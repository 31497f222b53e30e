with base as (
    select *
    from {{ ref('base_zoho__accounts') }}
    where outcome = 'kept'
),

final as (
    select
        record_id,
        account_name,
        account_number,
        account_type,
        industry,
        ownership,
        rating,
        phone,
        phone_state,
        website,
        annual_revenue_amount,
        employee_count,
        street,
        city,
        province,
        postcode,
        country,
        tags_text,
        description,
        last_activity_at,
        created_at,
        modified_at,
        {{ linked_record_name('parent_account') }} as parent_account_name,
        {{ linked_record_id('parent_account') }} as parent_account_id,
        {{ linked_record_name('owner') }} as owner_name,
        {{ linked_record_id('owner') }} as owner_id,
        {{ linked_record_id('created_by') }} as created_by_id
    from base
)

select * from final
