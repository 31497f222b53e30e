{{ config(materialized='view') }}

with final as (
    select
        parted.segment_id,
        judged.customer_id
    from {{ ref('int_segment_patterns_judged') }} as judged
    inner join {{ ref('int_segment_patterns_parted') }} as parted
        on judged.segment_pattern = parted.segment_pattern
    where parted.standing = 'm'
)

select * from final
