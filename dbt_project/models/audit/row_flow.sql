with sources as (
    select * from {{ ref('sources_declared') }}
),

-- Files that landed before landing wrote what a file states are of the declared load.
files as (
    select
        files.*,
        sources.source_name,
        coalesce(files.load_kind, sources.load_kind) = 'full' as is_full
    from {{ ref('stg_strata__files') }} as files
    inner join sources
        on
            files.source_system = sources.source_system
            and files.source_table = sources.source_table
    where files.outcome = 'landed'
),

dumps as (
    select
        source_name,
        max(exported_at) as newest_exported_at
    from files
    where is_full
    group by source_name
),

-- A full dump states everything: what was exported before the newest one is not staged.
landed as (
    select
        files.source_name,
        sum(files.landed_rows + coalesce(files.erased_rows, 0)) as landed_rows,
        sum(coalesce(files.erased_rows, 0)) as erased_rows
    from files
    left join dumps on files.source_name = dumps.source_name
    where dumps.newest_exported_at is null or files.exported_at >= dumps.newest_exported_at
    group by files.source_name
),

staged as (
    select
        source_name,
        count(*) as staged_rows,
        count(*) filter (where outcome = 'kept') as kept_rows,
        count(*) filter (where outcome = 'superseded') as superseded_rows,
        count(*) filter (where outcome = 'repeated') as repeated_rows,
        count(*) filter (where outcome = 'deleted') as deleted_rows,
        count(*) filter (where outcome = 'rejected') as rejected_rows
    from {{ ref('staged_rows') }}
    group by source_name
),

final as (
    select
        sources.source_name,
        coalesce(landed.landed_rows, 0) as landed_rows,
        coalesce(landed.erased_rows, 0) as erased_rows,
        coalesce(staged.staged_rows, 0) as staged_rows,
        coalesce(staged.kept_rows, 0) as kept_rows,
        coalesce(staged.superseded_rows, 0) as superseded_rows,
        coalesce(staged.repeated_rows, 0) as repeated_rows,
        coalesce(staged.deleted_rows, 0) as deleted_rows,
        coalesce(staged.rejected_rows, 0) as rejected_rows
    from sources
    left join landed on sources.source_name = landed.source_name
    left join staged on sources.source_name = staged.source_name
)

select * from final
