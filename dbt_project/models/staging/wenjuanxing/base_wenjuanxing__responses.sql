{{ config(materialized='view') }}

with base as (
    select
        *,
        {{ survey_of('_file') }} as survey_id
    from {{ ref('base_wenjuanxing__answers') }}
    where outcome = 'kept'
),

-- A response that was changed has another time of submission, and still its number.
numbered as (
    select
        *,
        row_number() over (
            partition by survey_id, response_number
            order by _exported_at desc, _file_number desc, _row desc
        ) as newest_first
    from base
),

final as (
    select
        survey_id,
        response_number as response_id,
        submitted_at,
        duration_text,
        channel,
        channel_detail,
        network_address,
        _extra
    from numbered
    where newest_first = 1
)

select * from final
