{#- The body of a scoring: from the relations `measured` (customer_id, the measures) and `limits`
    (method, measure, score, lower_limit, upper_limit) to one row per customer and method.
    Limits belong to the better side: recency to the fewer days, the others to the higher value.
    Equal values meet the same limits, so they always get the same score. -#}
{% macro rfm_scores(measured, limits, methods) -%}
long as (
    {% for measure, column in rfm_measures().items() -%}
    select
        customer_id,
        '{{ measure }}' as measure,
        cast({{ column }} as double) as observed
    from {{ measured }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

matched as (
    select
        long.customer_id,
        limits.method,
        long.measure,
        limits.score
    from long
    inner join {{ limits }} as limits
        on
            long.measure = limits.measure
            and case
                when long.measure = 'recency'
                    then
                        (long.observed > limits.lower_limit or limits.lower_limit is null)
                        and (long.observed <= limits.upper_limit or limits.upper_limit is null)
                else
                    (long.observed >= limits.lower_limit or limits.lower_limit is null)
                    and (long.observed < limits.upper_limit or limits.upper_limit is null)
            end
),

pivoted as (
    select
        customer_id,
        method,
        max(score) filter (where measure = 'recency') as r_score,
        max(score) filter (where measure = 'frequency') as f_score,
        max(score) filter (where measure = 'monetary') as m_score
    from matched
    group by customer_id, method
),

-- The mean of F and M stands for both; a half goes up.
averaged as (
    select
        customer_id,
        method,
        r_score,
        case when method = 'r_fm' then (f_score + m_score) / 2.0 end as fm_score,
        case when method = 'r_fm' then floor((f_score + m_score + 1) / 2.0) else f_score end
            as f_score,
        case when method = 'r_fm' then floor((f_score + m_score + 1) / 2.0) else m_score end
            as m_score
    from pivoted
),

celled as (
    select
        averaged.customer_id,
        averaged.method,
        cast(averaged.r_score as integer) as r_score,
        cast(averaged.f_score as integer) as f_score,
        cast(averaged.m_score as integer) as m_score,
        cast(averaged.fm_score as decimal(3, 1)) as fm_score,
        cells.rfm_cell,
        cells.rfm_segment
    from averaged
    left join {{ ref('int_rfm_cells_joined') }} as cells
        on
            cells.bins = case averaged.method
                {% for method in methods -%}
                when '{{ method }}' then {{ rfm_bins_of(method) }}
                {% endfor -%}
            end
            and averaged.r_score = cells.r_score
            and averaged.f_score = cells.f_score
            and averaged.m_score = cells.m_score
)
{%- endmacro %}
