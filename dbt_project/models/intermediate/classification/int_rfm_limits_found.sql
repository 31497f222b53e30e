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

-- The seed says from <= days < to, and days are whole: that is (from - 1, to - 1]. Who gave back
-- more than was bought is below every band of money, and belongs to the lowest.
fixed as (
    select
        measure,
        score,
        case
            when from_value > 0 then from_value - case when measure = 'recency' then 1 else 0 end
        end as lower_limit,
        to_value - case when measure = 'recency' then 1 else 0 end as upper_limit
    from {{ ref('rfm_fixed_limits') }}
    where bins = {{ rfm_bins() }}
),

final as (
    {% for method in ['quantile', 'r_fm'] -%}
    select
        '{{ method }}' as method,
        measure,
        score,
        lower_limit,
        upper_limit
    from quantiles
    union all
    {% endfor -%}
    select
        'fixed' as method,
        measure,
        score,
        cast(lower_limit as double) as lower_limit,
        cast(upper_limit as double) as upper_limit
    from fixed
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
