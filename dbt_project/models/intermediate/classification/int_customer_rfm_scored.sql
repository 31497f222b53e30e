with measured as (
    select * from {{ ref('int_customer_orders_measured') }}
),

scores as (
    select * from {{ ref('int_customer_rfm_methods_scored') }}
),

-- Which method is published is one setting; the eight types are always those of high and low.
published as (
    select *
    from scores
    where method = '{{ rfm_method() }}'
),

sides as (
    select
        customer_id,
        case r_score when 2 then 'near' else 'far' end as recency_side,
        case f_score when 2 then 'high' else 'low' end as frequency_side,
        case m_score when 2 then 'high' else 'low' end as monetary_side
    from scores
    where method = 'high_low'
),

final as (
    select
        measured.customer_id,
        measured.recency_days,
        measured.order_count,
        measured.net_amount,
        published.r_score,
        published.f_score,
        published.m_score,
        published.rfm_cell,
        case when measured.is_scored then published.rfm_segment else 'no_orders' end
            as rfm_segment,
        case when measured.is_scored then rfm_types.rfm_type else 'no_orders' end as rfm_type
    from measured
    left join published on measured.customer_id = published.customer_id
    left join sides on measured.customer_id = sides.customer_id
    left join {{ ref('rfm_types') }} as rfm_types
        on
            sides.recency_side = rfm_types.recency_side
            and sides.frequency_side = rfm_types.frequency_side
            and sides.monetary_side = rfm_types.monetary_side
)

select * from final
