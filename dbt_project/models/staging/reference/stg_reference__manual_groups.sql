with base as (
    select *
    from {{ ref('base_reference__manual_groups') }}
    where outcome = 'kept'
),

final as (
    select
        {{ row_key([
            'group_id', 'source_system', 'record_id', 'phone', 'email',
        ]) }} as membership_id,
        group_id,
        group_name,
        source_system,
        record_id,
        phone,
        email,
        added_by,
        reason,
        added_date
    from base
    -- A masked or damaged phone names nobody.
    where coalesce(record_id, phone, email) is not null
)

select * from final
