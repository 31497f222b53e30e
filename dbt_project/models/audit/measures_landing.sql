with night as (
    select as_of_date from {{ ref('stg_strata__night') }}
),

sources as (
    select * from {{ ref('sources_declared') }}
),

files as (
    select
        files.*,
        files.source_system || '.' || files.source_table as source_name,
        files.landed_for_date = night.as_of_date as is_tonight
    from {{ ref('stg_strata__files') }} as files
    cross join night
    where files.outcome = 'landed'
),

-- Nothing is expected of a source before its first export.
arrivals as (
    select
        sources.source_name,
        coalesce(
            {{ days_between('max(files.exported_date)', 'max(night.as_of_date)') }}, 0
        ) as arrival_age_days,
        coalesce(sum(files.records) filter (where files.is_tonight), 0) as tonight_records,
        coalesce(sum(files.rejected_rows) filter (where files.is_tonight), 0) as tonight_rejected
    from sources
    cross join night
    left join files on sources.source_name = files.source_name
    group by sources.source_name
),

rejected as (
    select
        source_name,
        count(*) as rejected_rows
    from {{ ref('rejected_rows') }}
    group by source_name
),

final as (
    select
        'arrival_age_days' as measure,
        source_name as subject,
        cast(arrival_age_days as double) as observed
    from arrivals
    union all
    select
        'rejected_share' as measure,
        arrivals.source_name as subject,
        coalesce(
            (arrivals.tonight_rejected + coalesce(rejected.rejected_rows, 0)) * 1.0
            / nullif(arrivals.tonight_records, 0),
            0
        ) as observed
    from arrivals
    left join rejected on arrivals.source_name = rejected.source_name
    union all
    select
        'unexplained_rows' as measure,
        source_name as subject,
        cast(landed_rows - erased_rows - staged_rows as double) as observed
    from {{ ref('row_flow') }}
)

select * from final
