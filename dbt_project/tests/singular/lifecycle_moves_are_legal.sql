{{ config(meta={
    'dagster': {'ref': {'name': 'lifecycle_migrations'}},
    'names_findings': true,
}) }}

-- A purchase and the passing of time lead along the moves of the seed only. What was merged,
-- corrected, or measured with other limits may stand anywhere.
select
    moves.as_of_date,
    moves.from_stage || ' to ' || moves.to_stage || ' by ' || moves.cause || ': '
    || cast(moves.customers as varchar) as finding
from {{ ref('lifecycle_migrations') }} as moves
left join {{ ref('lifecycle_moves') }} as legal
    on
        moves.from_stage = legal.from_stage
        and moves.to_stage = legal.to_stage
        and moves.cause = legal.cause
where moves.cause in ('purchase', 'time') and legal.cause is null
