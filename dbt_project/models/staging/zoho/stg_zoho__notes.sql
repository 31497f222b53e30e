with base as (
    select *
    from {{ ref('base_zoho__notes') }}
    where outcome = 'kept'
),

final as (
    select
        record_id,
        parent_module,
        title,
        content,
        created_at,
        modified_at,
        {{ linked_record_name('parent') }} as parent_name,
        {{ linked_record_id('parent') }} as parent_id,
        {{ linked_record_name('owner') }} as owner_name,
        {{ linked_record_id('owner') }} as owner_id,
        {{ linked_record_id('created_by') }} as created_by_id
    from base
)

select * from final
