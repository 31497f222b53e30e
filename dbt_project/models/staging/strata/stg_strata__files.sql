with source as (
    select * from {{ source('strata', 'files') }}
),

night as (
    select * from {{ source('strata', 'night') }}
),

final as (
    select
        source.system as source_system,
        source.table_name as source_table,
        source.file_name,
        source.sha256 as file_id,
        source.records,
        source.landed_rows,
        source.rejected_rows,
        coalesce(source.erased_rows, 0) as erased_rows,
        coalesce(source.emptied_rows, 0) as emptied_rows,
        source.exported_at,
        cast(
            {{ utc_to_local('source.exported_at', 'night.business_timezone') }} as date
        ) as exported_date,
        source.landed_for as landed_for_date,
        source.file_number,
        source.outcome,
        source.load_kind
    from source
    inner join night on source.landed_for <= night.as_of_date
)

select * from final
