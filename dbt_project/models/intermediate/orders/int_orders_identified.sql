with orders as (
    select * from {{ ref('int_orders_unioned') }}
),

night as (
    select * from {{ ref('stg_strata__night') }}
),

rates as (
    select * from {{ ref('stg_reference__rate_periods') }}
),

records as (
    select
        record_key,
        customer_id
    from {{ ref('int_customer_records_identified') }}
),

erased as (
    select * from {{ ref('stg_strata__erased_orders') }}
),

-- Staging keeps orders without a rate out; one that came through would be dropped, never taken for
-- an amount in the reporting currency.
rated as (
    select
        orders.*,
        case
            when orders.currency = night.reporting_currency then 1
            else rates.exchange_rate
        end as exchange_rate
    from orders
    cross join night
    left join rates
        on
            {{ rate_holds('orders.currency', 'orders.order_date') }}
),

converted as (
    select
        rated.*,
        cast(round(rated.gross_amount * rated.exchange_rate, 2) as decimal(18, 2))
            as reported_gross_amount,
        cast(round(rated.refund_amount * rated.exchange_rate, 2) as decimal(18, 2))
            as reported_refund_amount,
        -- Who was erased names nobody any more, and is no guest either.
        case
            when erased.source_order_id is null then records.customer_id
            else 'erased'
        end as customer_id
    from rated
    left join records on rated.record_key = records.record_key
    left join erased
        on
            rated.source_system = erased.source_system
            and rated.source_order_id = erased.source_order_id
    where rated.exchange_rate is not null
),

netted as (
    select
        *,
        cast(reported_gross_amount - reported_refund_amount as decimal(18, 2)) as net_amount,
        cast(gross_amount - refund_amount as decimal(18, 2)) as original_net_amount
    from converted
),

final as (
    select
        order_id,
        source_system,
        source_order_id,
        customer_id,
        record_key,
        channel,
        ordered_at,
        order_date,
        currency as original_currency,
        exchange_rate,
        is_sale,
        is_paid,
        is_cancelled,
        reported_gross_amount as gross_amount,
        reported_refund_amount as refund_amount,
        net_amount,
        gross_amount as original_gross_amount,
        original_net_amount,
        is_sale and is_paid and not is_cancelled and net_amount > 0 as is_counted
    from netted
)

select * from final
