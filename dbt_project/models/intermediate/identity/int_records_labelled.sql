-- A device that nobody signed in on is somebody's visit and no customer.
with clustered as (
    -- Every record carries itself as an identifier.
    select
        record_key,
        cluster_label
    from {{ ref('int_customer_records_clustered') }}
    where identifier_kind = 'record' and identifier_value = record_key
),

final as (
    select
        clustered.record_key,
        clustered.cluster_label,
        bool_or(records.record_kind != 'device')
            over (partition by clustered.cluster_label) as is_person
    from clustered
    inner join {{ ref('int_customer_records_unioned') }} as records
        on clustered.record_key = records.record_key
)

select * from final
