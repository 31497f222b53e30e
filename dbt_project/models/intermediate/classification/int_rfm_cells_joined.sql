-- Every combination of scores that a method can give, by the number of scores. The published table
-- of segments knows five scores; others are read on that scale.
with scales as (
    select * from {{ ref('rfm_score_scales') }}
),

final as (
    {% for bins in [rfm_bins_of('high_low'), rfm_bins()] -%}
    select
        r.bins,
        r.score as r_score,
        f.score as f_score,
        m.score as m_score,
        {{ rfm_cell_name(bins, 'r.score', 'f.score', 'm.score') }} as rfm_cell,
        cells.rfm_segment
    from scales as r
    inner join scales as f on r.bins = f.bins
    inner join scales as m on r.bins = m.bins
    left join {{ ref('rfm_cells') }} as cells
        on
            {{ rfm_cell_name(0, 'r.five_score', 'f.five_score', 'm.five_score') }}
            = cells.rfm_cell
    where r.bins = {{ bins }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select * from final
