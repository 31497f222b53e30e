with base as (
    select *
    from {{ ref('base_zoho__deleted_records') }}
    where outcome = 'kept'
),

final as (
    select
        record_id,
        record_name,
        deletion_type,
        deleted_at,
        deleted_by_id,
        deleted_by_name,
        created_by_id
    from base
)

select * from final
