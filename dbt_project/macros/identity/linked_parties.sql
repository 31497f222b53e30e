{#- The body of int_parties_linked_<level>: the party of every record once the identifiers of this
    strength have been heard. Links are drawn, and what they would make one person is looked at as a
    whole: where it holds two values of a kind that a person has one of, or two customers that are
    to be kept apart, none of its links counts; where names in it differ, only links between parties
    that agree do. -#}
{% macro linked_parties(level) -%}
with pairs as (
    select * from {{ ref('int_parties_paired_' ~ level) }}
),

{{ weak_edges() if level >= var('identity_weak_strength') else strong_edges() }},

{{ connected('edges', 'drawn') }},

{{ described_parties(level - 1) }},

{{ conflicts(level - 1) }},

agreeing_edges as (
    select distinct
        pairs.party,
        pairs.other_party
    from pairs
    inner join edges on pairs.party = edges.party and pairs.other_party = edges.other_party
    inner join drawn_labels on pairs.party = drawn_labels.party
    inner join conflicts on drawn_labels.label = conflicts.label
    where pairs.agrees and conflicts.reason = 'names'
),

{{ connected('agreeing_edges', 'agreed') }},

final as (
    select
        parties.record_key,
        case
            when conflicts.label is null then coalesce(drawn_labels.label, parties.party)
            else coalesce(agreed_labels.label, parties.party)
        end as party,
        conflicts.reason as stopped_by
    from {{ ref('int_parties_linked_' ~ (level - 1)) }} as parties
    left join drawn_labels on parties.party = drawn_labels.party
    left join conflicts on drawn_labels.label = conflicts.label
    left join agreed_labels on parties.party = agreed_labels.party
)

select * from final
{%- endmacro %}

{#- Pairs that an identifier links by itself, or that agree on one that is shared. -#}
{% macro strong_edges() -%}
edges as (
    select distinct
        party,
        other_party
    from pairs
    where verdict = 'key' or (verdict = 'shared' and agrees)
)
{%- endmacro %}

{#- Pairs that agree on a weak identifier, where neither has such a pair with anybody else: a chain
    of weak links is no proof of anything. -#}
{% macro weak_edges() -%}
agreed_pairs as (
    select distinct
        party,
        other_party
    from pairs
    where verdict in ('weak', 'shared') and agrees
),

partners as (
    select party from agreed_pairs
    union all
    select other_party as party from agreed_pairs
),

lone as (
    select party
    from partners
    group by party
    having count(*) = 1
),

edges as (
    select
        agreed_pairs.party,
        agreed_pairs.other_party
    from agreed_pairs
    inner join lone as one on agreed_pairs.party = one.party
    inner join lone as other on agreed_pairs.other_party = other.party
)
{%- endmacro %}
