{%- set kinds = ['category', 'brand'] -%}
with customers as (
    select customer_id from {{ ref('int_customers_folded') }}
),

products as (
    select * from {{ ref('int_products_joined') }}
),

lines as (
    select
        sold.customer_id,
        sold.order_id,
        sold.net_amount,
        products.category,
        products.brand
    from {{ ref('int_order_lines_unioned') }} as sold
    inner join products on sold.product_id = products.product_id
    where sold.line_type = 'product' and sold.is_counted and sold.customer_id is not null
),

-- What was given back as a whole is no liking. What nobody can name has its share as well, and is
-- never the top.
{% for kind in kinds -%}
{{ kind }}_orders as (
    select
        customer_id,
        {{ kind }},
        order_id,
        sum(net_amount) as net_amount
    from lines
    group by customer_id, {{ kind }}, order_id
),

{{ kind }}_amounts as (
    select
        customer_id,
        {{ kind }},
        sum(net_amount) as net_amount,
        count(*) as order_count
    from {{ kind }}_orders
    group by customer_id, {{ kind }}
    having sum(net_amount) > 0
),

{{ kind }}_ranked as (
    select
        customer_id,
        {{ kind }},
        order_count,
        net_amount * 1.0 / sum(net_amount) over (partition by customer_id) as net_share,
        row_number() over (
            partition by customer_id
            order by
                case when {{ kind }} is null then 1 else 0 end asc,
                net_amount desc,
                order_count desc,
                {{ kind }} asc
        ) as place
    from {{ kind }}_amounts
),

{% endfor -%}

interests as (
    select * from {{ ref('int_new_product_interests_measured') }}
),

final as (
    select
        customers.customer_id,
        {% for kind in kinds -%}
        coalesce({{ kind }}_ranked.{{ kind }}, 'unknown') as top_{{ kind }},
        cast({{ kind }}_ranked.net_share as decimal(5, 4)) as top_{{ kind }}_share,
        cast(coalesce({{ kind }}_ranked.order_count, 0) as integer)
            as top_{{ kind }}_order_count,
        {% endfor -%}
        coalesce(interests.interest, 'none') as new_product_interest
    from customers
    {% for kind in kinds -%}
    left join {{ kind }}_ranked
        on
            customers.customer_id = {{ kind }}_ranked.customer_id
            and {{ kind }}_ranked.place = 1
            and {{ kind }}_ranked.{{ kind }} is not null
    {% endfor -%}
    left join interests on customers.customer_id = interests.customer_id
)

select * from final
