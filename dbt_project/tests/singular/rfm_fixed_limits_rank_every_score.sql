{{ config(meta={
    'dagster': {'ref': {'name': 'rfm_fixed_limits'}},
    'names_findings': true,
}) }}

-- Bands without a gap are not enough: each score has to have one band of each measure, and a better
-- score the better band. Every number of scores that can be chosen is looked at.
with ranked as (
    select
        bins,
        measure,
        score,
        row_number() over (
            partition by bins, measure
            order by case when measure = 'recency' then -from_value else from_value end, score
        ) as place,
        count(*) over (partition by bins, measure) as bands,
        max(case when to_value is null then 1 else 0 end) over (partition by bins, measure)
            as open_bands
    from {{ ref('rfm_fixed_limits') }}
),

wanted as (
    {% for bins in [3, 4, 5, 10] -%}
    {% set counted = loop -%}
    {% for measure in rfm_measures() -%}
    select
        {{ bins }} as bins,
        '{{ measure }}' as measure
    {{ 'union all' if not (loop.last and counted.last) }}
    {% endfor -%}
    {% endfor %}
),

final as (
    select distinct
        cast(wanted.bins as varchar) || ' scores of ' || wanted.measure
        || ': scores, bands and their order do not fit' as finding
    from wanted
    left join ranked on wanted.bins = ranked.bins and wanted.measure = ranked.measure
    where
        ranked.score is null
        or ranked.score != ranked.place
        or ranked.bands != wanted.bins
        or ranked.open_bands = 0
)

select * from final
