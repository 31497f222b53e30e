{{ config(meta={'dagster': {'ref': {'name': 'int_customer_records_clustered'}}}) }}

-- An identifier that no guard stopped makes its records one person. Two labels mean that a chain
-- was longer than the rounds reach, or that a change should have touched more records.
select
    identifier_kind,
    identifier_value,
    count(distinct cluster_label) as labels
from {{ ref('int_customer_records_clustered') }}
where identifier_kind in (select kinds.identifier_kind from {{ ref('identifier_kinds') }} as kinds)
group by identifier_kind, identifier_value
having count(distinct cluster_label) > 1 and max(guard) is null
