{#- The body of int_parties_paired_<level>: every two parties that one identifier of this strength
    might make one, and what their names and birth dates say of it. A party is what stronger
    identifiers made one already. Verdicts on the identifier: key (it links all its parties), shared
    or weak (it links those that agree), switchboard (it links nobody). -#}
{% macro paired_parties(level) -%}
with kinds as (
    select * from {{ ref('identifier_kinds') }}
    where strength = {{ level }}
),

devices as (
    select record_key from {{ ref('int_records_scoped') }}
    where is_device
),

held as (
    select
        identifiers.identifier_kind,
        identifiers.identifier_value,
        parties.party,
        max(case when devices.record_key is null then 1 else 0 end) as people
    from {{ ref('int_identifiers_scoped') }} as identifiers
    inner join kinds on identifiers.identifier_kind = kinds.identifier_kind
    left join devices on identifiers.record_key = devices.record_key
    inner join {{ ref('int_parties_linked_' ~ (level - 1)) }} as parties
        on identifiers.record_key = parties.record_key
    group by identifiers.identifier_kind, identifiers.identifier_value, parties.party
),

-- What stronger identifiers made one party already, which is most, has no pairs any more.
counted as (
    select
        held.identifier_kind,
        held.identifier_value,
        kinds.compares_names,
        sum(held.people) > kinds.max_people as is_over_cap,
        min(held.party) as first_party
    from held
    inner join kinds on held.identifier_kind = kinds.identifier_kind
    group by
        held.identifier_kind,
        held.identifier_value,
        kinds.compares_names,
        kinds.max_people
    having min(held.party) != max(held.party)
),

pairs as (
    select
        one.identifier_kind,
        one.identifier_value,
        one.party,
        other.party as other_party,
        counted.is_over_cap,
        counted.compares_names
    from counted
    inner join held as one
        on
            counted.identifier_kind = one.identifier_kind
            and counted.identifier_value = one.identifier_value
    inner join held as other
        on
            counted.identifier_kind = other.identifier_kind
            and counted.identifier_value = other.identifier_value
            and one.party < other.party
    -- All pairs are looked at where names decide; elsewhere the first party stands for all.
    where
        one.party = counted.first_party
        or (counted.compares_names and not counted.is_over_cap)
),

{{ described_parties(level - 1) }},

doubted as (
    select distinct
        party,
        other_party
    from pairs
    where compares_names and not is_over_cap
),

compared as (
{{ compared_parties('doubted', level) }}
),

judged as (
    select
        pairs.*,
        coalesce(compared.agrees, false) as agrees,
        coalesce(compared.differs, false) as differs
    from pairs
    left join compared
        on pairs.party = compared.party and pairs.other_party = compared.other_party
),

shared as (
    select distinct
        identifier_kind,
        identifier_value
    from judged
    where differs
),

final as (
    select
        judged.identifier_kind,
        judged.identifier_value,
        judged.party,
        judged.other_party,
        judged.agrees,
        case
            when judged.is_over_cap then 'switchboard'
            when shared.identifier_value is not null then 'shared'
            when {{ level }} >= {{ var('identity_weak_strength') }} then 'weak'
            else 'key'
        end as verdict
    from judged
    left join shared
        on
            judged.identifier_kind = shared.identifier_kind
            and judged.identifier_value = shared.identifier_value
)

select * from final
{%- endmacro %}
