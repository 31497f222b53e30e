with final as (
    select
        customer_id,
        frequency_band,
        spend_band,
        interaction_band,
        value_class
    from {{ ref('int_customer_bands_assigned') }}
)

select * from final
