-- What is not word for word as on the night before: a record that is new, gone, or states another
-- identifier, name or birth date. All of them are where a rule has changed.
with tonight as (
    select
        identifiers.record_key,
        identifiers.identifier_kind,
        identifiers.identifier_value,
        records.name_key,
        records.birth_date
    from {{ ref('int_customer_identifiers_unioned') }} as identifiers
    inner join {{ ref('int_customer_records_unioned') }} as records
        on identifiers.record_key = records.record_key
),

known as (
    select
        record_key,
        identifier_kind,
        identifier_value,
        name_key,
        birth_date
    from {{ ref('stg_strata__clusters_known') }}
    where rules_key = (select rules.rules_key from {{ ref('int_identity_rules_hashed') }} as rules)
),

statements as (
    select
        *,
        1 as tonight_count
    from tonight
    union all
    select
        *,
        -1 as tonight_count
    from known
),

unpaired as (
    select record_key
    from statements
    group by record_key, identifier_kind, identifier_value, name_key, birth_date
    having sum(tonight_count) != 0
),

final as (
    select distinct record_key
    from unpaired
)

select * from final
