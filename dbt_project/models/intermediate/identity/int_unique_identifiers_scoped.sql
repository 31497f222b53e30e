-- Also what only one record holds: it is the second value of a kind that tells two people apart.
with final as (
    select
        identifiers.record_key,
        identifiers.identifier_kind,
        identifiers.identifier_value
    from {{ ref('int_customer_identifiers_unioned') }} as identifiers
    inner join {{ ref('identifier_kinds') }} as kinds
        on identifiers.identifier_kind = kinds.identifier_kind
    inner join {{ ref('int_records_touched') }} as touched
        on identifiers.record_key = touched.record_key
    left join {{ ref('int_identifiers_counted') }} as counted
        on
            identifiers.identifier_kind = counted.identifier_kind
            and identifiers.identifier_value = counted.identifier_value
    where kinds.is_unique and counted.guard is null
)

select * from final
