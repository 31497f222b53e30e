with lines as (
    {% for system in marketplaces() -%}
    select
        order_id,
        '{{ system }}' as source_system,
        line_number,
        product_id,
        product_name,
        category,
        brand,
        quantity,
        line_amount
    from {{ ref('stg_' ~ system ~ '__order_lines') }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

orders as (
    select * from {{ ref('int_marketplace_orders_unioned') }}
),

-- Lists of lines and of orders are exported apart; a line waits for its order.
final as (
    select
        lines.order_id,
        lines.source_system,
        orders.ordered_at,
        orders.order_date,
        lines.line_number,
        lines.product_id,
        lines.product_name,
        lines.category,
        lines.brand,
        lines.quantity,
        lines.line_amount
    from lines
    inner join orders on lines.order_id = orders.order_id
)

select * from final
