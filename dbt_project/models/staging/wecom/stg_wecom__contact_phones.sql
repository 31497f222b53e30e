with owners as (
    select * from {{ ref('stg_wecom__contact_owners') }}
),

noted as (
    select
        external_userid,
        userid,
        {{ json_elements('remark_mobiles') }} as mobile
    from owners
),

cleaned as (
    select
        external_userid,
        userid,
        {{ to_text(to_half_width(json_text('mobile'))) }} as mobile_text
    from noted
),

typed as (
    select
        external_userid,
        userid,
        {{ to_phone('mobile_text') }} as phone
    from cleaned
),

final as (
    select distinct
        external_userid,
        userid,
        phone
    from typed
    where phone is not null
)

select * from final
