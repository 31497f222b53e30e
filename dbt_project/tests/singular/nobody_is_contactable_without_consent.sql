{{ config(meta={'dagster': {'ref': {'name': 'dim_customers'}}}) }}

-- Read from the published tables alone: unknown, expired or refused is never a yes.
{% for channel in contact_channels() -%}
select
    '{{ channel }}' as channel,
    customers.customer_id
from {{ ref('dim_customers') }} as customers
left join {{ ref('customer_consents') }} as consents
    on
        customers.customer_id = consents.customer_id
        and consents.channel = '{{ channel }}'
        and consents.purpose = 'marketing'
        and consents.state = 'granted'
where customers.contactable_{{ channel }} and consents.customer_id is null
{{ 'union all' if not loop.last }}
{% endfor %}
