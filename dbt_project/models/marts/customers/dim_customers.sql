with erased as (
    select distinct customer_id
    from {{ ref('int_orders_identified') }}
    where customer_id = 'erased'
),

customers as (
    select
        customer_id,
        customer_type,
        acquired_date,
        first_order_date,
        last_order_date,
        gender,
        age_band,
        province,
        city,
        district,
        is_member,
        {% for channel in contact_channels() -%}
        contactable_{{ channel }},
        contactable_{{ channel }}_reason,
        {% endfor -%}
        source_systems
    from {{ ref('int_customers_folded') }}
),

final as (
    select * from customers
    union all
    -- One member stands for everybody who was erased, as long as orders of theirs are kept.
    select
        customer_id,
        'customer' as customer_type,
        cast(null as date) as acquired_date,
        cast(null as date) as first_order_date,
        cast(null as date) as last_order_date,
        'unknown' as gender,
        'unknown' as age_band,
        'unknown' as province,
        'unknown' as city,
        'unknown' as district,
        cast(null as boolean) as is_member,
        {% for channel in contact_channels() -%}
        false as contactable_{{ channel }},
        'no_address' as contactable_{{ channel }}_reason,
        {% endfor -%}
        0 as source_systems
    from erased
)

select * from final
