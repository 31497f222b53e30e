-- A relation ends when a message finds no friend any more, or when its employee has left and nobody
-- took over. Adding the employee again begins it anew.
with results as (
    select
        results.external_userid,
        results.userid,
        statuses.ends_relation,
        -- Who is no friend gets nothing: the message has its time at those who got it.
        coalesce(
            results.sent_at,
            max(results.sent_at) over (partition by results.message_id)
        ) as lost_at
    from {{ ref('stg_wecom__message_results') }} as results
    inner join {{ ref('wecom_message_statuses') }} as statuses
        on results.status_code = statuses.code
),

losses as (
    select
        external_userid,
        userid,
        lost_at
    from results
    where ends_relation and external_userid is not null
    union all
    select
        external_userid,
        handover_userid as userid,
        resigned_at as lost_at
    from {{ ref('stg_wecom__unassigned_contacts') }}
),

lost as (
    select
        external_userid,
        userid,
        max(lost_at) as lost_at
    from losses
    group by external_userid, userid
),

relations as (
    select
        owners.external_userid,
        owners.created_at,
        coalesce(lost.lost_at, owners.created_at) as lost_at,
        -- A loss that nobody dated is one all the same.
        lost.external_userid is null
        or coalesce(lost.lost_at < owners.created_at, false) as is_standing
    from {{ ref('stg_wecom__contact_owners') }} as owners
    left join lost
        on owners.external_userid = lost.external_userid and owners.userid = lost.userid
    union all
    select
        lost.external_userid,
        lost.lost_at as created_at,
        lost.lost_at,
        false as is_standing
    from lost
    left join {{ ref('stg_wecom__contact_owners') }} as owners
        on lost.external_userid = owners.external_userid and lost.userid = owners.userid
    where owners.external_userid is null and lost.lost_at is not null
),

final as (
    select
        'wecom:' || external_userid as record_key,
        bool_or(is_standing) as is_friend,
        coalesce(
            max(case when is_standing then created_at end), max(lost_at)
        ) as stated_at
    from relations
    group by external_userid
)

select * from final
