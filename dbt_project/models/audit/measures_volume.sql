with night as (
    select as_of_date from {{ ref('stg_strata__night') }}
),

counts as (
    select
        counts.*,
        lag(counts.counted) over (
            partition by counts.subject
            order by counts.as_of_date
        ) as counted_before
    from {{ ref('counts_logged') }} as counts
),

tonight as (
    select counts.*
    from counts
    inner join night on counts.as_of_date = night.as_of_date
),

final as (
    select
        'row_count' as measure,
        subject,
        cast(counted as double) as observed
    from tonight
    union all
    -- Against the last published night; the first night has none and drops nothing.
    select
        case when subject like '%.%' then 'export_drop_share' else 'drop_share' end as measure,
        subject,
        case
            when subject like '%.%' and counted_before < {{ var('small_export_rows') }} then 0
            else coalesce(1 - counted * 1.0 / nullif(counted_before, 0), 0)
        end as observed
    from tonight
)

select * from final
