with source as (
    select * from {{ source('strata', 'clusters_known') }}
),

final as (
    select
        record_key,
        identifier_kind,
        identifier_value,
        name_key,
        birth_date,
        is_heard,
        cluster_label,
        rules_key
    from source
)

select * from final
