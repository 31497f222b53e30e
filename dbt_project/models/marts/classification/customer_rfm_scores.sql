{{ config(materialized='view') }}

-- Every customer stands here under every method, also who has no score.
with customers as (
    select customer_id from {{ ref('int_customer_rfm_scored') }}
),

methods as (
    {% for method in rfm_methods() -%}
    select '{{ method }}' as method
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

final as (
    select
        customers.customer_id,
        methods.method,
        scores.r_score,
        scores.f_score,
        scores.m_score,
        scores.fm_score,
        scores.rfm_cell,
        case when scores.customer_id is null then 'no_orders' else scores.rfm_segment end
            as rfm_segment,
        methods.method = '{{ rfm_method() }}' as is_published
    from customers
    cross join methods
    left join {{ ref('int_customer_rfm_methods_scored') }} as scores
        on customers.customer_id = scores.customer_id and methods.method = scores.method
)

select * from final
