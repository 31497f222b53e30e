{{ config(meta={'dagster': {'ref': {'name': 'int_customer_records_identified'}}}) }}

-- Two groups of records that nothing connects must never share a customer id.
with records as (
    select
        record_key,
        cluster_label
    from {{ ref('int_customer_records_clustered') }}
),

identified as (
    select
        record_key,
        customer_id
    from {{ ref('int_customer_records_identified') }}
),

final as (
    select
        identified.customer_id,
        min(records.cluster_label) as one_label,
        max(records.cluster_label) as other_label
    from identified
    inner join records on identified.record_key = records.record_key
    group by identified.customer_id
    having min(records.cluster_label) != max(records.cluster_label)
)

select * from final
