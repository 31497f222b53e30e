-- depends_on: {{ ref('int_records_touched') }}
{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook="{{ forget_touched_records() }}",
) }}

-- Records that are not touched tonight keep what they had.
-- depends_on: {{ ref('int_records_touched') }}
with final as (
    select
        identifiers.record_key,
        identifiers.identifier_kind,
        identifiers.identifier_value,
        records.name_key,
        records.birth_date,
        parties.party as cluster_label,
        rules.rules_key,
        counted.records is not null and counted.guard is null as is_heard,
        coalesce(counted.guard, judged.guard) as guard
    from {{ ref('int_customer_identifiers_unioned') }} as identifiers
    inner join {{ ref('int_customer_records_unioned') }} as records
        on identifiers.record_key = records.record_key
    inner join {{ ref('int_parties_linked_4') }} as parties
        on identifiers.record_key = parties.record_key
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
