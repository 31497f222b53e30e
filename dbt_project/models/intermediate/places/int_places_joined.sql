with places as (
    select * from {{ ref('places') }}
),

-- A province with one city is that city, too: the municipalities.
only_cities as (
    select
        parent_code as province_code,
        min(place_code) as city_code
    from places
    where level = 'city'
    group by parent_code
    having count(*) = 1
),

lines as (
    select
        place_code,
        level,
        place_code as province_code,
        cast(null as varchar) as city_code,
        cast(null as varchar) as district_code
    from places
    where level = 'province'
    union all
    select
        place_code,
        level,
        parent_code as province_code,
        place_code as city_code,
        cast(null as varchar) as district_code
    from places
    where level = 'city'
    union all
    select
        districts.place_code,
        districts.level,
        cities.parent_code as province_code,
        cities.place_code as city_code,
        districts.place_code as district_code
    from places as districts
    inner join places as cities on districts.parent_code = cities.place_code
    where districts.level = 'district'
),

final as (
    select
        lines.place_code,
        lines.level,
        lines.province_code,
        lines.district_code,
        provinces.place_name as province,
        cities.place_name as city,
        districts.place_name as district,
        coalesce(lines.city_code, only_cities.city_code) as city_code
    from lines
    inner join places as provinces on lines.province_code = provinces.place_code
    left join only_cities on lines.province_code = only_cities.province_code
    left join places as cities
        on coalesce(lines.city_code, only_cities.city_code) = cities.place_code
    left join places as districts on lines.district_code = districts.place_code
)

select * from final
