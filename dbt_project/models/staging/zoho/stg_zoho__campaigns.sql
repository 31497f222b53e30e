with base as (
    select *
    from {{ ref('base_zoho__campaigns') }}
    where outcome = 'kept'
),

final as (
    select
        record_id,
        campaign_name,
        campaign_type,
        status,
        start_date,
        end_date,
        budgeted_cost_amount,
        actual_cost_amount,
        expected_revenue_amount,
        expected_response,
        sent_count,
        tags_text,
        description,
        created_at,
        modified_at,
        {{ linked_record_name('owner') }} as owner_name,
        {{ linked_record_id('owner') }} as owner_id,
        {{ linked_record_id('created_by') }} as created_by_id
    from base
)

select * from final
