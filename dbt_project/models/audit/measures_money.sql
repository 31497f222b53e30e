with orders as (
    select
        source_system,
        count(*) as orders,
        sum(original_gross_amount) as gross_amount,
        sum(original_net_amount) as original_net_amount,
        sum(net_amount) as net_amount,
        sum(original_gross_amount) filter (where is_cancelled) as cancelled_amount
    from {{ ref('fct_orders') }}
    group by source_system
),

lines as (
    select
        source_system,
        sum(net_amount) as net_amount
    from {{ ref('fct_order_lines') }}
    group by source_system
),

-- In the currencies of the orders: what a rate makes of them is not in the exports.
staged as (
    select
        'shop' as source_system,
        count(distinct order_id) as orders,
        sum(line_amount) as amount
    from {{ ref('stg_shop__order_lines') }}
    union all
    select
        'shopify' as source_system,
        count(*) as orders,
        sum(total_amount) as amount
    from {{ ref('stg_shopify__orders') }}
    {% for system in marketplaces() -%}
    union all
    select
        '{{ system }}' as source_system,
        count(*) as orders,
        sum(gross_amount) as amount
    from {{ ref('stg_' ~ system ~ '__orders') }}
    {% endfor %}
),

compared as (
    select
        staged.source_system,
        staged.orders - coalesce(orders.orders, 0) as lost_orders,
        coalesce(staged.amount, 0) - coalesce(
            case staged.source_system
                when 'shop' then orders.original_net_amount + coalesce(orders.cancelled_amount, 0)
                else orders.gross_amount
            end, 0
        ) as lost_amount,
        coalesce(orders.net_amount, 0) - coalesce(lines.net_amount, 0) as unlined_amount
    from staged
    left join orders on staged.source_system = orders.source_system
    left join lines on staged.source_system = lines.source_system
),

final as (
    select
        'orders_lost' as measure,
        source_system as subject,
        cast(abs(lost_orders) as double) as observed
    from compared
    union all
    select
        'amount_lost_to_orders' as measure,
        source_system as subject,
        cast(abs(lost_amount) as double) as observed
    from compared
    union all
    select
        'amount_lost_to_lines' as measure,
        source_system as subject,
        cast(abs(unlined_amount) as double) as observed
    from compared
)

select * from final
