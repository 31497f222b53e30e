with base as (
    select *
    from {{ ref('base_wecom__admin_contacts') }}
    where outcome = 'kept'
),

final as (
    select
        added_by_userid,
        contact_name,
        added_at,
        added_by_name,
        added_by_department,
        description,
        add_way_label,
        email,
        corp_name,
        address,
        job_title,
        -- One column per group of tags, whose names only the company knows.
        _extra as tag_columns,
        coalesce(mobile, phone) as phone
    from base
)

select * from final
