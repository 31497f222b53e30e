with base as (
    select *
    from {{ ref('base_zoho__tags') }}
    where outcome = 'kept'
),

final as (
    select
        record_id,
        tag_name,
        module_name,
        colour,
        created_at,
        modified_at,
        {{ linked_record_id('created_by') }} as created_by_id
    from base
)

select * from final
