-- What is not word for word as on the night before: a record that is new, gone, or states another
-- identifier, name or birth date. All of them are where a rule has changed.
with known as (
    select
        record_key,
        identifier_kind,
        identifier_value,
        name_key,
        birth_date
    from {{ ref('stg_strata__clusters_known') }}
    where rules_key = (select rules.rules_key from {{ ref('int_identity_rules_hashed') }} as rules)
),

night as (
    select count(*) = 0 as is_first from known
),

-- Every record carries itself, which says that it is there and no more.
statements as (
    select
        identifiers.record_key,
        identifiers.identifier_kind,
        identifiers.identifier_value,
        1 as tonight_count
    from {{ ref('int_customer_identifiers_unioned') }} as identifiers
    cross join night
    where
        not night.is_first
        and not (
            identifiers.identifier_kind = 'record'
            and identifiers.identifier_value = identifiers.record_key
        )
    union all
    select
        record_key,
        identifier_kind,
        identifier_value,
        -1 as tonight_count
    from known
    where not (identifier_kind = 'record' and identifier_value = record_key)
),

descriptions as (
    select
        records.record_key,
        records.name_key,
        records.birth_date,
        1 as tonight_count
    from {{ ref('int_customer_records_unioned') }} as records
    cross join night
    where not night.is_first
    union all
    select
        record_key,
        name_key,
        birth_date,
        -1 as tonight_count
    from known
    where identifier_kind = 'record' and identifier_value = record_key
),

unpaired as (
    select record_key
    from statements
    group by record_key, identifier_kind, identifier_value
    having sum(tonight_count) != 0
    union all
    select record_key
    from descriptions
    group by record_key, name_key, birth_date
    having sum(tonight_count) != 0
    union all
    select records.record_key
    from {{ ref('int_customer_records_unioned') }} as records
    cross join night
    where night.is_first
),

final as (
    select distinct record_key
    from unpaired
)

select * from final
