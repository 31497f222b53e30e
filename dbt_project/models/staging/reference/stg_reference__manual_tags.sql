with base as (
    select *
    from {{ ref('base_reference__manual_tags') }}
    where outcome = 'kept'
),

final as (
    select
        {{ row_key(['source_system', 'record_id', 'phone', 'email', 'tag']) }} as tagging_id,
        source_system,
        record_id,
        phone,
        email,
        tag,
        tagged_by,
        reason,
        valid_from_date,
        valid_until_date
    from base
    -- A masked or damaged phone names nobody.
    where coalesce(record_id, phone, email) is not null
)

select * from final
