{{ config(meta={
    'dagster': {'ref': {'name': 'rfm_cells'}},
    'names_findings': true,
}) }}

-- Every combination of the scores in use, and of the five that the table of segments has, must have
-- exactly one segment. Each offending cell is named, and no cell may stand outside of them.
with seeded as (
    select * from {{ ref('rfm_cells') }}
),

scales as (
    select * from {{ ref('rfm_score_scales') }}
),

scores as (
    {% for bins in [rfm_bins_of('high_low'), 5, rfm_bins()] | unique -%}
    {% for score in range(1, bins + 1) -%}
    select
        {{ bins }} as bins,
        {{ score }} as score
    {{ 'union all' if not loop.last }}
    {% endfor -%}
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

scaled as (
    select
        scores.bins,
        scores.score,
        cast(scales.five_score as varchar) as five_score
    from scores
    left join scales on scores.bins = scales.bins and scores.score = scales.score
),

cells as (
    select
        r.bins,
        {{ rfm_cell_name(10, 'r.score', 'f.score', 'm.score') }} as rfm_cell,
        r.five_score || f.five_score || m.five_score as five_cell
    from scaled as r
    inner join scaled as f on r.bins = f.bins
    inner join scaled as m on r.bins = m.bins
),

covered as (
    select
        cells.bins,
        cells.rfm_cell,
        count(seeded.rfm_segment) as segments
    from cells
    left join seeded on cells.five_cell = seeded.rfm_cell
    group by cells.bins, cells.rfm_cell
),

final as (
    select
        'cell ' || rfm_cell || ' of ' || cast(bins as varchar) || ' scores has '
        || case when segments = 0 then 'no segment' else 'more than one segment' end as finding
    from covered
    where segments != 1
    union all
    select 'cell ' || seeded.rfm_cell || ' is beyond the scores' as finding
    from seeded
    left join cells on seeded.rfm_cell = cells.five_cell
    where cells.five_cell is null
)

select * from final
