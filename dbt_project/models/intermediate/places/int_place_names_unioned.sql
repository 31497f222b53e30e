with places as (
    select * from {{ ref('places') }}
),

written as (
    select
        place_code,
        place_name as written_name,
        true as is_whole,
        true as stands_alone
    from places
    union all
    select
        place_code,
        short_name as written_name,
        false as is_whole,
        true as stands_alone
    from places
    where short_name != place_name
    union all
    -- A former name ends in the word for what it is; a name in Latin letters never does.
    select
        place_code,
        alias as written_name,
        regexp_matches(alias, '[市县区旗州盟]$') as is_whole,
        stands_alone
    from {{ ref('place_aliases') }}
),

keyed as (
    select
        {{ place_key('written_name') }} as name_key,
        place_code,
        bool_or(is_whole) as is_whole,
        bool_or(stands_alone) as stands_alone
    from written
    group by {{ place_key('written_name') }}, place_code
),

final as (
    select
        keyed.name_key,
        keyed.place_code,
        keyed.is_whole,
        keyed.stands_alone,
        places.province_code,
        places.district_code,
        -- What a name says, which is less than what it implies: 上海 alone is the province.
        case when places.level != 'province' then places.city_code end as city_code,
        length(keyed.name_key) as name_letters,
        case places.level when 'province' then 0 when 'city' then 1 else 2 end as depth
    from keyed
    inner join {{ ref('int_places_joined') }} as places on keyed.place_code = places.place_code
)

select * from final
