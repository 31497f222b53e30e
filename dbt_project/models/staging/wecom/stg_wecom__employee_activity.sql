with base as (
    select *
    from {{ ref('base_wecom__employee_activity') }}
    where outcome = 'kept'
),

named as (
    select
        *,
        coalesce(userid, 'unknown') as staff_userid
    from base
),

ranked as (
    select
        *,
        row_number() over (
            partition by staff_userid, activity_date
            order by _exported_at desc, _file_number desc, _file_id asc, _row desc
        ) as newest_first
    from named
),

final as (
    select
        staff_userid as userid,
        activity_date,
        chat_count,
        message_count,
        reply_percentage,
        reply_minutes,
        negative_feedback_count,
        new_apply_count,
        new_contact_count
    from ranked
    where newest_first = 1
)

select * from final
