with final as (
    select
        customer_id,
        channel,
        purpose,
        state,
        stated_date,
        source_system,
        decided_by
    from {{ ref('int_customer_consents_decided') }}
)

select * from final
