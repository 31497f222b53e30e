{{ config(meta={'dagster': {'ref': {'name': 'dim_customers'}}}) }}

-- One row in each exhaustive classification for every customer, and none for anybody else. The
-- member that stands for everybody who was erased is nobody.
{%- set classifications = [
    'customer_rfm', 'customer_lifecycle', 'customer_bands', 'customer_profile',
] %}
{% for classification in classifications -%}
select
    '{{ classification }}' as classification,
    customers.customer_id,
    classified.customer_id as classified_id
from {{ ref('dim_customers') }} as customers
full outer join {{ ref(classification) }} as classified
    on customers.customer_id = classified.customer_id
where
    customers.customer_id is null
    or (classified.customer_id is null and customers.customer_id != 'erased')
{{ 'union all' if not loop.last }}
{% endfor %}
