with measured as (
    select * from {{ ref('int_customer_orders_measured') }}
),

limits as (
    select * from {{ ref('int_rfm_limits_found') }}
),

long as (
    {% for measure, column in rfm_measures().items() -%}
    select
        customer_id,
        '{{ measure }}' as measure,
        cast({{ column }} as double) as observed
    from measured
    where is_scored
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

-- Limits belong to the better side: recency to the fewer days, the others to the higher value.
scored as (
    select
        long.customer_id,
        limits.method,
        long.measure,
        limits.score
    from long
    inner join limits
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
        max(score) filter (where method = 'quantile' and measure = 'recency') as r_score,
        max(score) filter (where method = 'quantile' and measure = 'frequency') as f_score,
        max(score) filter (where method = 'quantile' and measure = 'monetary') as m_score,
        max(score) filter (where method = 'high_low' and measure = 'recency') as r_side,
        max(score) filter (where method = 'high_low' and measure = 'frequency') as f_side,
        max(score) filter (where method = 'high_low' and measure = 'monetary') as m_side
    from scored
    group by customer_id
),

celled as (
    select
        customer_id,
        r_score,
        f_score,
        m_score,
        cast(r_score as varchar) || cast(f_score as varchar)
        || cast(m_score as varchar) as rfm_cell,
        case r_side when 2 then 'near' else 'far' end as recency_side,
        case f_side when 2 then 'high' else 'low' end as frequency_side,
        case m_side when 2 then 'high' else 'low' end as monetary_side
    from pivoted
),

final as (
    select
        measured.customer_id,
        measured.recency_days,
        measured.order_count,
        measured.net_amount,
        cast(celled.r_score as integer) as r_score,
        cast(celled.f_score as integer) as f_score,
        cast(celled.m_score as integer) as m_score,
        celled.rfm_cell,
        case when measured.is_scored then cells.rfm_segment else 'no_orders' end as rfm_segment,
        case when measured.is_scored then rfm_types.rfm_type else 'no_orders' end as rfm_type
    from measured
    left join celled on measured.customer_id = celled.customer_id
    left join {{ ref('rfm_cells') }} as cells on celled.rfm_cell = cells.rfm_cell
    left join {{ ref('rfm_types') }} as rfm_types
        on
            celled.recency_side = rfm_types.recency_side
            and celled.frequency_side = rfm_types.frequency_side
            and celled.monetary_side = rfm_types.monetary_side
)

select * from final
