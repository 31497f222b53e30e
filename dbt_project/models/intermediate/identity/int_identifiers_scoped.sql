with final as (
    select
        identifiers.record_key,
        identifiers.identifier_kind,
        identifiers.identifier_value
    from {{ ref('int_customer_identifiers_unioned') }} as identifiers
    inner join {{ ref('int_records_touched') }} as touched
        on identifiers.record_key = touched.record_key
    inner join {{ ref('int_identifiers_counted') }} as counted
        on
            identifiers.identifier_kind = counted.identifier_kind
            and identifiers.identifier_value = counted.identifier_value
    where counted.guard is null
)

select * from final
