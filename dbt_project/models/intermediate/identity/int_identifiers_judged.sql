-- Why an identifier does not simply link whoever holds it: a verdict on the value itself or, where
-- that would link, on the person whom its links would have made.
with pairs as (
    {% for level in [1, 2, 3, 4] -%}
    select
        pairs.identifier_kind,
        pairs.identifier_value,
        coalesce(nullif(pairs.verdict, 'key'), parties.stopped_by) as guard
    from {{ ref('int_parties_paired_' ~ level) }} as pairs
    inner join {{ ref('int_parties_linked_' ~ level) }} as parties
        on pairs.party = parties.record_key
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

final as (
    select
        identifier_kind,
        identifier_value,
        min(guard) as guard
    from pairs
    where guard is not null
    group by identifier_kind, identifier_value
)

select * from final
