with base as (
    select *
    from {{ ref('base_wecom__message_results') }}
    where outcome = 'kept'
),

statuses as (
    select * from {{ ref('wecom_message_statuses') }}
),

keyed as (
    select
        *,
        {{ row_key([
            'message_id', 'external_userid', 'chat_id', 'userid',
            'case when message_id is null then sent_at end',
        ]) }} as result_key
    from base
),

ranked as (
    select
        *,
        row_number() over (
            partition by result_key
            order by _exported_at desc, _file_number desc, _file_id asc, _row desc
        ) as newest_first
    from keyed
),

final as (
    select
        ranked.result_key,
        ranked.message_id,
        ranked.external_userid,
        ranked.chat_id,
        ranked.userid,
        ranked.sent_at,
        ranked.status_code,
        statuses.label_zh as status_label_zh,
        statuses.label_en as status_label_en,
        coalesce(statuses.is_sent, false) as is_sent
    from ranked
    left join statuses on ranked.status_code = statuses.code
    where ranked.newest_first = 1
)

select * from final
