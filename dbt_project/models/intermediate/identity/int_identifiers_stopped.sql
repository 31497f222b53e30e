with held as (
    select
        labelled.identifier_kind,
        labelled.identifier_value,
        min(labelled.guard) as guard,
        count(distinct labelled.record_key) as record_count,
        count(distinct folded.customer_id) as customer_count
    from {{ ref('int_customer_records_clustered') }} as labelled
    inner join {{ ref('int_customer_records_identified') }} as folded
        on labelled.record_key = folded.record_key
    where labelled.guard is not null
    group by labelled.identifier_kind, labelled.identifier_value
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
