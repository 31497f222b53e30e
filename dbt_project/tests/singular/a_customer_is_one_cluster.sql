{{ config(meta={'dagster': {'ref': {'name': 'int_customer_records_identified'}}}) }}

-- Two groups of records that nothing connects must never share a customer id.
with records as (
    select distinct
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
        count(distinct records.cluster_label) as clusters
    from identified
    inner join records on identified.record_key = records.record_key
    group by identified.customer_id
    having count(distinct records.cluster_label) > 1
)

select * from final
