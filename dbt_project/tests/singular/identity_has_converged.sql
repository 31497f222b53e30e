{{ config(meta={'dagster': {'ref': {'name': 'int_customer_records_clustered'}}}) }}

-- An identifier whose records ended with two labels means a chain longer than the rounds reach.
select
    identifier,
    count(distinct cluster_label) as labels
from {{ ref('int_customer_records_clustered') }}
group by identifier
having count(distinct cluster_label) > 1
