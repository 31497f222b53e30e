{#- CTEs that give connected parties one label: `<name>_nodes` and, after the last round,
    `<name>_labels` (party, label), the label being the smallest party that is connected. In each
    round every pair hooks the larger of its two labels to the smaller one, and every party follows
    its label twice. The edges are a CTE of (party, other_party). Chains shorten at least fourfold
    per round; identity_has_converged refuses a night in which one is left. -#}
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

{% for round in range(1, var('identity_rounds') + 1) -%}
{%- set before = name ~ '_labels_' ~ (round - 1) -%}
{{ name }}_hooks_{{ round }} as (
    select
        greatest(one.label, other.label) as label,
        min(least(one.label, other.label)) as smaller_label
    from {{ edges }} as edges
    inner join {{ before }} as one on edges.party = one.party
    inner join {{ before }} as other on edges.other_party = other.party
    where one.label != other.label
    group by greatest(one.label, other.label)
),

{{ name }}_hooked_{{ round }} as (
    select
        labels.party,
        coalesce(hooks.smaller_label, labels.label) as label
    from {{ before }} as labels
    left join {{ name }}_hooks_{{ round }} as hooks on labels.label = hooks.label
),

{{ name }}_jumped_{{ round }} as (
    select
        hooked.party,
        further.label
    from {{ name }}_hooked_{{ round }} as hooked
    inner join {{ name }}_hooked_{{ round }} as further on hooked.label = further.party
),

{{ name }}_labels_{{ round }} as (
    select
        jumped.party,
        further.label
    from {{ name }}_jumped_{{ round }} as jumped
    inner join {{ name }}_jumped_{{ round }} as further on jumped.label = further.party
),

{% endfor -%}
{{ name }}_labels as (
    select
        party,
        label
    from {{ name }}_labels_{{ var('identity_rounds') }}
)
{%- endmacro %}
