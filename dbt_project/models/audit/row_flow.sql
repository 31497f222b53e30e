with sources as (
    select * from {{ ref('sources_declared') }}
),

files as (
    select
        *,
        max(exported_at) over (partition by source_system, source_table) as newest_exported_at
    from {{ ref('stg_strata__files') }}
    where outcome = 'landed'
),

-- Of full dumps only the newest export is staged.
landed as (
    select
        sources.source_name,
        sum(files.landed_rows) as landed_rows
    from sources
    inner join files
        on
            sources.source_system = files.source_system
            and sources.source_table = files.source_table
            and (sources.load_kind != 'full' or files.exported_at = files.newest_exported_at)
    group by sources.source_name
),

staged as (
    select
        source_name,
        count(*) as staged_rows,
        count(*) filter (where outcome = 'kept') as kept_rows,
        count(*) filter (where outcome = 'superseded') as superseded_rows,
        count(*) filter (where outcome = 'repeated') as repeated_rows,
        count(*) filter (where outcome = 'rejected') as rejected_rows
    from {{ ref('staged_rows') }}
    group by source_name
),

final as (
    select
        sources.source_name,
        coalesce(landed.landed_rows, 0) as landed_rows,
        coalesce(staged.staged_rows, 0) as staged_rows,
        coalesce(staged.kept_rows, 0) as kept_rows,
        coalesce(staged.superseded_rows, 0) as superseded_rows,
        coalesce(staged.repeated_rows, 0) as repeated_rows,
        coalesce(staged.rejected_rows, 0) as rejected_rows
    from sources
    left join landed on sources.source_name = landed.source_name
    left join staged on sources.source_name = staged.source_name
)

select * from final
