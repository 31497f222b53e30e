with final as (
    {% for system in marketplaces() -%}
    select
        order_id,
        '{{ system }}' as source_system,
        source_order_id,
        channel,
        '{{ system }}:' || coalesce(buyer_id, phone, email) as record_key,
        coalesce(buyer_id, phone, email) as source_customer_id,
        phone,
        email,
        case when phone is not null then receiver_name end as receiver_name,
        {{ place_text(province='province', city='city', address='address') }} as place_text,
        ordered_at,
        order_date,
        currency,
        gross_amount,
        refund_amount,
        is_cancelled,
        is_paid
    from {{ ref('stg_' ~ system ~ '__orders') }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select * from final
