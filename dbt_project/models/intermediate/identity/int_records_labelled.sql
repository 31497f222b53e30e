-- A device that nobody signed in on is somebody's visit and no customer.
with clustered as (
    -- Every record carries itself as an identifier.
    select
        record_key,
        cluster_label
    from {{ ref('int_customer_records_clustered') }}
    where identifier_kind = 'record' and identifier_value = record_key
),

devices as (
    select record_key from {{ ref('int_customer_records_unioned') }}
    where record_kind = 'device'
),

visits as (
    select clustered.cluster_label
    from clustered
    left join devices on clustered.record_key = devices.record_key
    group by clustered.cluster_label
    having count(*) = count(devices.record_key)
),

final as (
    select
        clustered.record_key,
        clustered.cluster_label,
        visits.cluster_label is null as is_person
    from clustered
    left join visits on clustered.cluster_label = visits.cluster_label
)

select * from final
