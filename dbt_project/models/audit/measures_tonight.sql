with final as (
    select measure, subject, cast(observed as double) as observed from {{ ref('measures_landing') }}
    union all
    select measure, subject, cast(observed as double) as observed from {{ ref('measures_volume') }}
    union all
    select measure, subject, cast(observed as double) as observed from {{ ref('measures_money') }}
    union all
    select measure, subject, cast(observed as double) as observed from {{ ref('measures_shares') }}
)

select * from final
