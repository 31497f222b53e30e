{%- set compared = [
    'first_order_date', 'last_order_date', 'orders_ever', 'net_amount_ever', 'silent_from_days',
    'churned_from_days',
] -%}
-- Of customers known last night: what changed about them tonight that no clock and no limit does.
with night as (
    select as_of_date from {{ ref('stg_strata__night') }}
),

entries as (
    select
        as_of_date,
        customer_id,
        is_present,
        {% for column in compared -%}
        {{ column }},
        lag({{ column }}) over by_customer as known_{{ column }},
        {% endfor -%}
        lag(is_present) over by_customer as known_is_present
    from {{ ref('int_customer_measures_logged') }}
    window by_customer as (partition by customer_id order by as_of_date)
),

ids as (
    select
        as_of_date,
        customer_id,
        lag(customer_id) over (partition by record_key order by as_of_date) as known_id
    from {{ ref('int_customer_ids_logged') }}
),

-- A record that left one customer for another changes both.
handed_over as (
    select
        ids.customer_id,
        ids.known_id
    from ids
    inner join night on ids.as_of_date = night.as_of_date
    where ids.customer_id is not null and ids.known_id is not null
),

merged as (
    select customer_id from handed_over
    union
    select known_id as customer_id from handed_over
),

-- Orders that stopped counting explain more than one that came in the same night.
measured as (
    select
        entries.customer_id,
        entries.known_silent_from_days,
        entries.known_churned_from_days,
        case
            when
                entries.orders_ever < entries.known_orders_ever
                or entries.first_order_date > entries.known_first_order_date
                or entries.last_order_date < entries.known_last_order_date
                then 'correction'
            when
                entries.orders_ever > entries.known_orders_ever
                or entries.last_order_date > entries.known_last_order_date
                then 'purchase'
            when entries.net_amount_ever != entries.known_net_amount_ever then 'correction'
        end as change_kind
    from entries
    inner join night on entries.as_of_date = night.as_of_date
    where entries.is_present and entries.known_is_present
),

final as (
    select
        measured.known_silent_from_days,
        measured.known_churned_from_days,
        coalesce(merged.customer_id, measured.customer_id) as customer_id,
        case when merged.customer_id is not null then 'merge' else measured.change_kind end
            as change_kind
    from measured
    full outer join merged on measured.customer_id = merged.customer_id
)

select * from final
