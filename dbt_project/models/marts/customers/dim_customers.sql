with final as (
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
        source_systems,
        {% for channel in contact_channels() -%}
        contactable_{{ channel }},
        contactable_{{ channel }}_reason{{ ',' if not loop.last }}
        {% endfor %}
    from {{ ref('int_customers_folded') }}
)

select * from final
