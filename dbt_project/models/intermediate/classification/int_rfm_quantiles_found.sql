{%- set bins = rfm_bins() -%}
with scored as (
    select *
    from {{ ref('int_customer_orders_measured') }}
    where is_scored
),

breaks as (
    {% for measure, column in rfm_measures().items() -%}
    {% set measures = loop -%}
    {% for step in range(1, bins) -%}
    select
        '{{ measure }}' as measure,
        {{ step }} as step,
        {{ exact_quantile('cast(' ~ column ~ ' as double)', step / bins) }} as break_point
    from scored
    {{ 'union all' if not (loop.last and measures.last) }}
    {% endfor -%}
    {%- endfor %}
),

-- Recency runs backwards: the fewest days score highest.
numbered as (
    select
        measure,
        break_point,
        case when measure = 'recency' then {{ bins }} - step else step end as step
    from breaks
),

scores as (
    select
        measure,
        step as score,
        break_point as far_limit,
        lag(break_point) over (partition by measure order by step) as near_limit
    from numbered
    union all
    select
        measure,
        {{ bins }} as score,
        cast(null as double) as far_limit,
        break_point as near_limit
    from numbered
    where step = {{ bins - 1 }}
),

final as (
    select
        measure,
        score,
        case when measure = 'recency' then far_limit else near_limit end as lower_limit,
        case when measure = 'recency' then near_limit else far_limit end as upper_limit
    from scores
)

select * from final
