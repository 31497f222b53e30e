{#- CTEs that end in `conflicts` (label, reason): which drawn persons cannot be one, and why. -#}
{% macro conflicts(level) -%}
drawn_uniques as (
    select
        drawn_labels.label,
        drawn_labels.party,
        identifiers.identifier_kind,
        identifiers.identifier_value
    from {{ ref('int_unique_identifiers_scoped') }} as identifiers
    inner join {{ ref('int_parties_linked_' ~ level) }} as parties
        on identifiers.record_key = parties.record_key
    inner join drawn_labels on parties.party = drawn_labels.party
),

uniques_of_parties as (
    select
        label,
        identifier_kind,
        party,
        count(distinct identifier_value) as value_count
    from drawn_uniques
    group by label, identifier_kind, party
),

uniques_of_labels as (
    select
        label,
        identifier_kind,
        count(distinct identifier_value) as value_count
    from drawn_uniques
    group by label, identifier_kind
),

-- Only a new link can be refused: what somebody merged by hand may hold two already.
unique_conflicts as (
    select distinct uniques_of_labels.label
    from uniques_of_labels
    inner join uniques_of_parties
        on
            uniques_of_labels.label = uniques_of_parties.label
            and uniques_of_labels.identifier_kind = uniques_of_parties.identifier_kind
    group by uniques_of_labels.label, uniques_of_labels.identifier_kind
    having max(uniques_of_labels.value_count) > max(uniques_of_parties.value_count)
),

apart_conflicts as (
    select distinct drawn_labels.label
    from {{ ref('int_records_parted') }} as apart
    inner join {{ ref('int_parties_linked_' ~ level) }} as parties
        on apart.record_key = parties.record_key
    inner join drawn_labels on parties.party = drawn_labels.party
    group by drawn_labels.label, apart.override_key
    having count(distinct apart.side) > 1
),

{{ name_conflicts(level + 1) }},

reasons as (
    select
        label,
        1 as place,
        'kept_apart' as reason
    from apart_conflicts
    union all
    select
        label,
        2 as place,
        'unique' as reason
    from unique_conflicts
    union all
    select
        label,
        3 as place,
        'names' as reason
    from differing_names
),

conflicts as (
    select
        label,
        min_by(reason, place) as reason
    from reasons
    group by label
)
{%- endmacro %}

{#- CTEs that end in `differing_names` (label): drawn persons of whom two parties differ. Beyond
    some size parties are not compared one by one: so many names are not one person's. -#}
{% macro name_conflicts(level) -%}
drawn_described as (
    select
        drawn_labels.label,
        described.party,
        described.name_key,
        described.birth_date
    from described
    inner join drawn_labels on described.party = drawn_labels.party
),

mixed as (
    select
        label,
        count(distinct party) as parties
    from drawn_described
    group by label
    having min(name_key) != max(name_key) or min(birth_date) != max(birth_date)
),

mixed_pairs as (
    select distinct
        mixed.label,
        one.party,
        other.party as other_party
    from mixed
    inner join drawn_described as one on mixed.label = one.label
    inner join drawn_described as other on mixed.label = other.label and one.party < other.party
    where mixed.parties <= {{ var('identity_compared_parties') }}
),

mixed_compared as (
{{ compared_parties('mixed_pairs', level) }}
),

differing_names as (
    select mixed_pairs.label
    from mixed_pairs
    inner join mixed_compared
        on
            mixed_pairs.party = mixed_compared.party
            and mixed_pairs.other_party = mixed_compared.other_party
    where mixed_compared.differs
    union
    select label from mixed
    where parties > {{ var('identity_compared_parties') }}
)
{%- endmacro %}
