-- Boxes that say yes or no and not since when.
with final as (
    select
        'shopify.customer:' || customer_key as record_key,
        'shopify_account_email' as statement,
        accepts_email_marketing as is_stated
    from {{ ref('stg_shopify__customers') }}
    where accepts_email_marketing is not null
    union all
    select
        'shopify.customer:' || customer_key as record_key,
        'shopify_account_sms' as statement,
        accepts_sms_marketing as is_stated
    from {{ ref('stg_shopify__customers') }}
    where accepts_sms_marketing is not null
    union all
    select
        'zoho:' || record_id as record_key,
        'zoho_email_opt_out' as statement,
        has_email_opt_out as is_stated
    from {{ ref('stg_zoho__contacts') }}
    where has_email_opt_out is not null and unsubscribed_at is null
    union all
    select
        'zoho.lead:' || record_id as record_key,
        'zoho_email_opt_out' as statement,
        has_email_opt_out as is_stated
    from {{ ref('stg_zoho__leads') }}
    where has_email_opt_out is not null and unsubscribed_at is null
)

select * from final
