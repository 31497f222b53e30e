with owners as (
    select * from {{ ref('stg_wecom__contact_owners') }}
),

corp_tags as (
    select * from {{ ref('stg_wecom__corp_tags') }}
),

spelled as (
    select
        external_userid,
        userid,
        {{ json_elements('tags') }} as tag
    from owners
),

listed as (
    select
        external_userid,
        userid,
        {{ json_elements('tag_ids') }} as tag
    from owners
),

unioned as (
    select
        external_userid,
        userid,
        {{ to_text(json_text('tag', 'tag_id')) }} as tag_id,
        {{ to_text(json_text('tag', 'tag_name')) }} as tag_name,
        {{ to_text(json_text('tag', 'group_name')) }} as group_name,
        {{ json_text('tag', 'type') }} = '2' as is_personal
    from spelled
    union all
    select
        external_userid,
        userid,
        {{ to_text(json_text('tag')) }} as tag_id,
        null as tag_name,
        null as group_name,
        false as is_personal
    from listed
),

named as (
    select
        unioned.external_userid,
        unioned.userid,
        unioned.tag_id,
        coalesce(unioned.tag_id, concat_ws('/', unioned.group_name, unioned.tag_name)) as tag_key,
        coalesce(corp_tags.tag_name, unioned.tag_name) as tag_name,
        coalesce(corp_tags.group_name, unioned.group_name) as group_name,
        coalesce(unioned.is_personal, false) as is_personal
    from unioned
    left join corp_tags on unioned.tag_id = corp_tags.tag_id
    where unioned.tag_id is not null or unioned.tag_name is not null
),

final as (
    select
        external_userid,
        userid,
        tag_key,
        max(tag_id) as tag_id,
        max(tag_name) as tag_name,
        max(group_name) as group_name,
        max(is_personal) as is_personal
    from named
    group by external_userid, userid, tag_key
)

select * from final
