{%- set measures = {
    'recency': 'recency_days', 'frequency': 'order_count', 'monetary': 'net_amount',
} -%}
{%- set bins = var('rfm_bins') -%}
with scored as (
    select * from {{ ref('int_customer_orders_measured') }} where is_scored
),

breaks as (
    {% for measure, column in measures.items() -%}
    {% for step in range(1, bins) -%}
    select
        '{{ measure }}' as measure,
        {{ step }} as step,
        percentile_cont({{ step / bins }}) within group (
            order by cast({{ column }} as double)
        ) as break_point
    from scored
    {{ 'union all' if not (loop.last and measure == 'monetary') }}
    {% endfor -%}
    {%- endfor %}
),

-- Recency runs backwards: the fewest days score highest.
numbered as (
    select
        measure,
        case when measure = 'recency' then {{ bins }} - step else step end as step,
        break_point
    from breaks
),

scores as (
    select
        numbered.measure,
        numbered.step as score,
        lag(numbered.break_point) over (
            partition by numbered.measure
            order by numbered.step
        ) as near_limit,
        numbered.break_point as far_limit
    from numbered
    union all
    select
        measure,
        {{ bins }} as score,
        break_point as near_limit,
        cast(null as double) as far_limit
    from numbered
    where step = {{ bins - 1 }}
),

quantile as (
    select
        'quantile' as method,
        measure,
        score,
        case when measure = 'recency' then far_limit else near_limit end as lower_limit,
        case when measure = 'recency' then near_limit else far_limit end as upper_limit
    from scores
),

{%- set middle = {
    'mean': 'cast(sum(cast(COLUMN as decimal(38, 4))) / count(*) as double)',
    'median': 'percentile_cont(0.5) within group (order by cast(COLUMN as double))',
}[var('rfm_type_limit')] %}

middles as (
    {% for measure, column in measures.items() -%}
    select
        '{{ measure }}' as measure,
        {{ middle | replace('COLUMN', column) }} as middle
    from scored
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

-- Score 2 is the good side: near, or high.
sides as (
    select
        middles.measure,
        sides.score,
        middles.middle,
        (sides.score = 2) = (middles.measure != 'recency') as is_above
    from middles
    cross join (values (1), (2)) as sides (score)
),

high_low as (
    select
        'high_low' as method,
        measure,
        score,
        case when is_above then middle end as lower_limit,
        case when not is_above then middle end as upper_limit
    from sides
),

final as (
    select * from quantile
    union all
    select * from high_low
)

select * from final
