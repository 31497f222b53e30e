-- What others publish, held against every cell there is. A rule without a range takes all of it.
with scales as (
    select * from {{ ref('rfm_score_scales') }}
),

presets as (
    select * from {{ ref('rfm_preset_names') }}
),

cells as (
    select
        presets.preset,
        r.score as r_score,
        f.score as f_score,
        m.score as m_score,
        (f.score + m.score) * 1.0 / 2 as fm_score,
        {{ rfm_cell_name(0, 'r.score', 'f.score', 'm.score') }} as rfm_cell
    from presets
    inner join scales as r on presets.bins = r.bins
    inner join scales as f on presets.bins = f.bins
    inner join scales as m on presets.bins = m.bins
),

-- Our own table stands among them, cell by cell.
matched as (
    select
        cells.preset,
        cells.rfm_cell,
        rules.position as rule_number
    from cells
    inner join {{ ref('rfm_preset_rules') }} as rules
        on
            cells.preset = rules.preset
            and cells.r_score between rules.r_from and rules.r_to
            and (cells.f_score between rules.f_from and rules.f_to or rules.f_from is null)
            and (cells.m_score between rules.m_from and rules.m_to or rules.m_from is null)
            and (cells.fm_score between rules.fm_from and rules.fm_to or rules.fm_from is null)
    union all
    select
        cells.preset,
        cells.rfm_cell,
        1 as rule_number
    from cells
    inner join {{ ref('rfm_cells') }} as own
        on cells.preset = 'strata_eleven' and cells.rfm_cell = own.rfm_cell
),

counted as (
    select
        cells.preset,
        cells.rfm_cell,
        count(matched.rule_number) as rules
    from cells
    left join matched on cells.preset = matched.preset and cells.rfm_cell = matched.rfm_cell
    group by cells.preset, cells.rfm_cell
),

proved as (
    select
        preset,
        count(*) as cells,
        count(*) filter (where rules > 0) as covered,
        count(*) filter (where rules = 0) as missing,
        count(*) filter (where rules > 1) as overlapping,
        {{ dbt.listagg(
            'case when rules = 0 then rfm_cell end', "' '", 'order by rfm_cell'
        ) }} as missing_cells
    from counted
    group by preset
),

final as (
    select
        presets.preset,
        presets.bins,
        presets.label_en,
        presets.label_zh,
        presets.source,
        presets.note,
        proved.cells,
        proved.covered,
        proved.missing,
        proved.overlapping,
        proved.missing = 0 and proved.overlapping = 0 as is_complete,
        coalesce(proved.missing_cells, '') as missing_cells
    from presets
    inner join proved on presets.preset = proved.preset
)

select * from final
