-- Names are read from the left, each behind a place that it lies in: province, city, district, any
-- of them left out. Reading begins anew at every part of the text.
with texts as (
    select distinct place_text
    from {{ ref('int_customer_records_unioned') }}
    where place_text is not null
),

names as (
    select * from {{ ref('int_place_names_unioned') }}
),

{{ place_parts('texts') }},

{{ place_readings('starts') }},

-- A short name counts where its part of the text ends: 上海路 is no place in Shanghai. What several
-- places of one kind are called, as 鼓楼区 is, names none of them.
readings as (
    select
        place_text,
        start_part,
        start_letters,
        start_depth,
        depth,
        length(rest) as rest_letters,
        min(place_code) as place_code
    from found
    where is_whole or left(rest, 1) = '|'
    group by place_text, start_part, start_letters, start_depth, depth, length(rest)
    having min(place_code) = max(place_code)
),

ranked as (
    select
        *,
        row_number() over (
            partition by place_text, start_part
            order by rest_letters asc, start_depth asc, depth desc
        ) as best_first
    from readings
),

-- The reading that begins first goes as far as it can; a later one begins where it has ended.
reached as (
    select
        *,
        min(rest_letters) over (
            partition by place_text
            order by start_part
            rows between unbounded preceding and 1 preceding
        ) as unread_letters
    from ranked
    where best_first = 1
),

places as (
    select
        reached.place_text,
        places.province_code,
        places.city_code,
        places.district_code
    from reached
    inner join {{ ref('int_places_joined') }} as places on reached.place_code = places.place_code
    where reached.start_letters <= coalesce(reached.unread_letters, reached.start_letters)
),

-- Where parts of one text contradict each other it says no more than what they agree in.
agreed as (
    select
        place_text,
        min(province_code) as province_code,
        case when min(city_code) = max(city_code) then min(city_code) end as city_code,
        case
            when min(city_code) = max(city_code) and min(district_code) = max(district_code)
                then min(district_code)
        end as district_code
    from places
    group by place_text
    having min(province_code) = max(province_code)
),

final as (
    select
        place_text,
        coalesce(district_code, city_code, province_code) as place_code
    from agreed
)

select * from final
