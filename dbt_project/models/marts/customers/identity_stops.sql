with final as (
    select
        identifier_kind,
        {{ keyed_hash("'identifier:' || identifier_kind || ':' || identifier_value") }}
            as identifier_id,
        guard,
        blocked_reason,
        cast(record_count as integer) as record_count,
        cast(customer_count as integer) as customer_count
    from {{ ref('int_identifiers_stopped') }}
)

select * from final
