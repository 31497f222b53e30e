with base as (
    select *
    from {{ ref('base_wecom__contacts') }}
    where outcome = 'kept'
),

final as (
    select
        external_userid,
        contact_name,
        nickname,
        job_title,
        corp_name,
        corp_full_name,
        unionid,
        case contact_type when 1 then 'wechat' when 2 then 'wecom' else 'unknown' end
            as contact_type,
        case gender_code when 1 then 'male' when 2 then 'female' else 'unknown' end as gender
    from base
)

select * from final
