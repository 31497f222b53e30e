with base as (
    select *
    from {{ ref('base_zoho__deals') }}
    where outcome = 'kept'
),

final as (
    select
        record_id,
        deal_name,
        stage,
        pipeline,
        probability,
        amount,
        expected_revenue_amount,
        currency,
        exchange_rate,
        closing_date,
        deal_type,
        lead_source,
        next_step,
        loss_reason,
        tags_text,
        description,
        last_activity_at,
        created_at,
        modified_at,
        {{ linked_record_name('account') }} as account_name,
        {{ linked_record_name('contact') }} as contact_name,
        {{ linked_record_name('campaign') }} as campaign_name,
        {{ linked_record_id('account') }} as account_id,
        {{ linked_record_id('contact') }} as contact_id,
        {{ linked_record_id('campaign') }} as campaign_id,
        {{ linked_record_name('owner') }} as owner_name,
        {{ linked_record_id('owner') }} as owner_id,
        {{ linked_record_id('created_by') }} as created_by_id
    from base
)

select * from final
