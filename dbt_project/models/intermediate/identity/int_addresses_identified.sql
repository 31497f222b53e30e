-- An address that two customers hold, as families and offices do, names neither of them.
with final as (
    select
        addresses.address_kind,
        addresses.address,
        min(records.customer_id) as customer_id
    from {{ ref('int_consent_addresses_unioned') }} as addresses
    inner join {{ ref('int_customer_records_identified') }} as records
        on addresses.record_key = records.record_key
    group by addresses.address_kind, addresses.address
    having min(records.customer_id) = max(records.customer_id)
)

select * from final
