with quantiles as (
    select * from {{ ref('int_rfm_quantiles_found') }}
),

scored as (
    select *
    from {{ ref('int_customer_orders_measured') }}
    where is_scored
),

middles as (
    {% for measure, column in rfm_measures().items() -%}
    select
        '{{ measure }}' as measure,
        {{ rfm_middle(column, var('rfm_type_limit')) }} as middle
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

final as (
    select
        'quantile' as method,
        measure,
        score,
        lower_limit,
        upper_limit
    from quantiles
    union all
    select
        'high_low' as method,
        measure,
        score,
        case when is_above then middle end as lower_limit,
        case when not is_above then middle end as upper_limit
    from sides
)

select * from final
