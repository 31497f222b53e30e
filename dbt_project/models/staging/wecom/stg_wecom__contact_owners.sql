with base as (
    select *
    from {{ ref('base_wecom__contact_owners') }}
    where outcome = 'kept'
),

add_ways as (
    select * from {{ ref('wecom_add_ways') }}
),

named as (
    select
        *,
        -- Who asked is the owner, unless it was the contact, whose ids start with wo or wm.
        coalesce(
            userid,
            case
                when not regexp_matches(oper_userid, '^w[mo][0-9A-Za-z_-]{20,}$') then oper_userid
            end,
            'unknown'
        ) as owner_userid
    from base
),

ranked as (
    select
        *,
        row_number() over (
            partition by external_userid, owner_userid
            order by created_at desc, _exported_at desc, _file_number desc, _file_id asc, _row desc
        ) as newest_first
    from named
),

final as (
    select
        ranked.external_userid,
        ranked.owner_userid as userid,
        ranked.created_at,
        ranked.remark,
        ranked.description,
        ranked.remark_corp_name,
        ranked.remark_mobiles,
        ranked.tags,
        ranked.tag_ids,
        ranked.add_way,
        add_ways.label_zh as add_way_label_zh,
        add_ways.label_en as add_way_label_en,
        ranked.oper_userid,
        ranked.state,
        ranked.channel,
        ranked.userid is null as is_userid_assumed
    from ranked
    left join add_ways on ranked.add_way = add_ways.code
    where ranked.newest_first = 1
)

select * from final
