{#- CTEs that give connected parties one label: `<name>_nodes` and, after the last round,
    `<name>_labels` (party, label), the label being the smallest party that is connected. The edges
    are a CTE of (party, other_party). In each round every label hooks to the smallest one that an
    edge leads to, and is followed twice; edges then lead between what they were moved to, so that
    a round sees only what is still to be joined. Who has not reached an end keeps hold of where it
    got to: so a chain in the order of its keys shortens fourfold per round, one in any order about
    threefold. identity_has_converged refuses a night in which one is left. -#}
{% macro connected(edges, name) -%}
{{ name }}_nodes as (
    select party from {{ edges }}
    union
    select other_party as party from {{ edges }}
),

{{ name }}_labels_0 as (
    select
        party,
        party as label
    from {{ name }}_nodes
),

{{ name }}_edges_0 as (
    select
        greatest(party, other_party) as label,
        least(party, other_party) as smaller_label
    from {{ edges }}
    where party != other_party
),

{% for round in range(1, var('identity_rounds') + 1) -%}
{%- set before = round - 1 -%}
{{ name }}_hooks_{{ round }} as (
    select
        label,
        min(smaller_label) as smaller_label
    from {{ name }}_edges_{{ before }}
    group by label
),

{{ name }}_jumps_{{ round }} as (
{{ followed(name ~ '_hooks_' ~ round) }}
),

{{ name }}_moves_{{ round }} as (
{{ followed(name ~ '_jumps_' ~ round) }}
),

{{ name }}_moved_{{ round }} as (
    select
        moves.smaller_label as label,
        coalesce(others.smaller_label, edges.smaller_label) as other_label
    from {{ name }}_edges_{{ before }} as edges
    inner join {{ name }}_moves_{{ round }} as moves on edges.label = moves.label
    left join {{ name }}_moves_{{ round }} as others on edges.smaller_label = others.label
),

{{ name }}_edges_{{ round }} as (
    select
        greatest(label, other_label) as label,
        least(label, other_label) as smaller_label
    from {{ name }}_moved_{{ round }}
    where label != other_label
    union
    select
        label,
        smaller_label
    from {{ name }}_moves_{{ round }}
    where not is_at_end
),

{{ name }}_labels_{{ round }} as (
    select
        labels.party,
        coalesce(moves.smaller_label, labels.label) as label
    from {{ name }}_labels_{{ before }} as labels
    left join {{ name }}_moves_{{ round }} as moves on labels.label = moves.label
),

{% endfor -%}
{{ name }}_labels as (
    select
        party,
        label
    from {{ name }}_labels_{{ var('identity_rounds') }}
)
{%- endmacro %}

{#- A query that has every label of `hooks` (label, smaller_label) follow the label it hooks to. -#}
{% macro followed(hooks) -%}
    select
        hooks.label,
        coalesce(further.smaller_label, hooks.smaller_label) as smaller_label,
        further.label is null as is_at_end
    from {{ hooks }} as hooks
    left join {{ hooks }} as further on hooks.smaller_label = further.label
{%- endmacro %}
