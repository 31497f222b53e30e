{{ config(meta={'dagster': {'ref': {'name': 'int_parties_linked_4'}}}) }}

-- Two parties that a link made one, and that a chain longer than the rounds reach left apart.
{% for level in [1, 2, 3] -%}
select
    '{{ level }}' as strength,
    pairs.identifier_kind,
    pairs.identifier_value
from {{ ref('int_parties_paired_' ~ level) }} as pairs
inner join {{ ref('int_parties_linked_' ~ level) }} as one on pairs.party = one.record_key
inner join {{ ref('int_parties_linked_' ~ level) }} as other on pairs.other_party = other.record_key
where
    pairs.verdict = 'key'
    and one.stopped_by is null
    and one.party != other.party
{{ 'union all' if not loop.last }}
{% endfor %}
