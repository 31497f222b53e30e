{{ config(meta={'dagster': {'ref': {'name': 'rfm_cells'}}}) }}

-- Every cell of the bins in use must be in the seed, and no cell beyond them.
with scores as (
    {% for score in range(1, var('rfm_bins') + 1) -%}
    select '{{ score }}' as score
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

cells as (
    select r.score || f.score || m.score as rfm_cell
    from scores as r
    cross join scores as f
    cross join scores as m
),

final as (
    select
        cells.rfm_cell as missing_cell,
        seeded.rfm_cell as surplus_cell
    from cells
    full outer join {{ ref('rfm_cells') }} as seeded on cells.rfm_cell = seeded.rfm_cell
    where cells.rfm_cell is null or seeded.rfm_cell is null
)

select * from final
