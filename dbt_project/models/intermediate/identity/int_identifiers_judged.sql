-- Why an identifier does not simply link whoever holds it: a verdict on the value itself or, where
-- that would link, on the person whom its links would have made.
with stopped as (
    {% for level in [1, 2, 3, 4] -%}
    select
        {{ level }} as strength,
        record_key,
        stopped_by
    from {{ ref('int_parties_linked_' ~ level) }}
    where stopped_by is not null
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

pairs as (
    {% for level in [1, 2, 3, 4] -%}
    select
        pairs.identifier_kind,
        pairs.identifier_value,
        coalesce(nullif(pairs.verdict, 'key'), stopped.stopped_by) as guard
    from {{ ref('int_parties_paired_' ~ level) }} as pairs
    left join stopped on pairs.party = stopped.record_key and stopped.strength = {{ level }}
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
