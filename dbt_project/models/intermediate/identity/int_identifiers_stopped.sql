with held as (
    select
        clustered.identifier_kind,
        clustered.identifier_value,
        min(clustered.guard) as guard,
        count(distinct clustered.record_key) as record_count,
        count(distinct folded.customer_id) as customer_count
    from {{ ref('int_customer_records_clustered') }} as clustered
    inner join {{ ref('int_customer_records_identified') }} as folded
        on clustered.record_key = folded.record_key
    where clustered.guard is not null
    group by clustered.identifier_kind, clustered.identifier_value
),

final as (
    select
        held.identifier_kind,
        held.identifier_value,
        held.guard,
        counted.blocked_reason,
        held.record_count,
        held.customer_count
    from held
    left join {{ ref('int_identifiers_counted') }} as counted
        on
            held.identifier_kind = counted.identifier_kind
            and held.identifier_value = counted.identifier_value
    where held.customer_count > 1
)

select * from final
