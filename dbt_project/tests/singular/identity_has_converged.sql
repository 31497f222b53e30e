{{ config(meta={'dagster': {'ref': {'name': 'int_customer_records_clustered'}}}) }}

-- An identifier that no guard stopped makes its records one person. Two labels mean that a chain
-- was longer than the rounds reach, or that a change should have touched more records.
select
    identifier_kind,
    identifier_value,
    min(cluster_label) as one_label,
    max(cluster_label) as other_label
from {{ ref('int_customer_records_clustered') }}
where identifier_kind in (select kinds.identifier_kind from {{ ref('identifier_kinds') }} as kinds)
group by identifier_kind, identifier_value
having min(cluster_label) != max(cluster_label) and max(guard) is null
