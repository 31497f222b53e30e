-- depends_on: {{ ref('int_records_touched') }}
{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook="{{ forget_touched_records() }}",
) }}

-- Records that are not touched tonight keep what they had.
with folded as (
    select
        records.record_key,
        records.name_key,
        records.birth_date,
        parties.party
    from {{ ref('int_records_scoped') }} as records
    inner join {{ ref('int_parties_linked_4') }} as parties
        on records.record_key = parties.record_key
),

final as (
    select
        identifiers.record_key,
        identifiers.identifier_kind,
        identifiers.identifier_value,
        folded.name_key,
        folded.birth_date,
        folded.party as cluster_label,
        rules.rules_key,
        counted.records is not null and counted.guard is null as is_heard,
        coalesce(counted.guard, judged.guard) as guard
    from {{ ref('int_customer_identifiers_unioned') }} as identifiers
    inner join folded on identifiers.record_key = folded.record_key
    left join {{ ref('int_identifiers_counted') }} as counted
        on
            identifiers.identifier_kind = counted.identifier_kind
            and identifiers.identifier_value = counted.identifier_value
    left join {{ ref('int_identifiers_judged') }} as judged
        on
            identifiers.identifier_kind = judged.identifier_kind
            and identifiers.identifier_value = judged.identifier_value
    cross join {{ ref('int_identity_rules_hashed') }} as rules
)

select * from final
