with night as (
    select * from {{ ref('stg_strata__night') }}
),

final as (
    select
        staged.source_name,
        staged.file_name,
        staged.file_row,
        staged.rejected_column,
        staged.rejected_reason,
        staged.raw_text
    from {{ ref('staged_rows') }} as staged
    inner join night on staged.landed_for_date = night.as_of_date
    where staged.outcome = 'rejected'
)

select * from final
