{#- CTEs of int_place_texts_matched: `found`, the names that stand at the beginning of a reading
    (place_text, start_part, start_letters, reading), each behind one that it lies in. `rest` is
    what was not read. Uses the CTE `names`. Names are looked up by their first letters, as many as
    every name has, for few share them. -#}
{% macro place_readings(readings) -%}
heads as (
    select min(name_letters) as head_letters from names
),

headed_names as (
    select
        names.*,
        left(names.name_key, heads.head_letters) as head
    from names
    cross join heads
),

behind_1 as (
    select
        readings.*,
        left(readings.reading, heads.head_letters) as head
    from {{ readings }} as readings
    cross join heads
),

read_1 as (
    select
        behind.place_text,
        behind.start_part,
        behind.start_letters,
        names.depth as start_depth,
        names.place_code,
        names.depth,
        names.is_whole,
        substring(behind.reading, names.name_letters + 1) as rest
    from behind_1 as behind
    inner join headed_names as names
        on
            behind.head = names.head
            and starts_with(behind.reading, names.name_key)
    where names.stands_alone
),

{% for step in [2, 3] -%}
rest_{{ step }} as (
    select
        place_text,
        start_part,
        start_letters,
        start_depth,
        place_code as outer_code,
        regexp_replace(rest, '^[|]+', '') as reading
    from read_{{ step - 1 }}
),

behind_{{ step }} as (
    select
        rests.*,
        left(rests.reading, heads.head_letters) as head
    from rest_{{ step }} as rests
    cross join heads
),

read_{{ step }} as (
    select
        behind.place_text,
        behind.start_part,
        behind.start_letters,
        behind.start_depth,
        names.place_code,
        names.depth,
        names.is_whole,
        substring(behind.reading, names.name_letters + 1) as rest
    from behind_{{ step }} as behind
    inner join headed_names as names
        on
            behind.head = names.head
            and starts_with(behind.reading, names.name_key)
            and behind.outer_code != names.place_code
            and behind.outer_code in (names.province_code, names.city_code)
),

{% endfor -%}
found as (
    select * from read_1
    union all
    select * from read_2
    union all
    select * from read_3
)
{%- endmacro %}

{#- CTEs of int_place_texts_matched: `starts`, one reading per part of a text that is not empty:
    from that part to the end of the text, as it compares. -#}
{% macro place_parts(texts) -%}
{%- set keys = ['province_key', 'city_key', 'district_key', 'address_key'] -%}
keyed as (
    select
        place_text,
        {% for part in ['country', 'province', 'city', 'district', 'address'] -%}
        {{ place_key("split_part(place_text, '|', " ~ loop.index ~ ")") }} as {{ part }}_key
        {{- ',' if not loop.last }}
        {% endfor %}
    from {{ texts }}
),

-- Two letters are a province only where the country is known: SC is also South Carolina.
at_home as (
    select
        keyed.place_text,
        keyed.city_key,
        keyed.district_key,
        keyed.address_key,
        case
            when keyed.country_key != '' and regexp_matches(keyed.province_key, '^[a-z][a-z]$')
                then 'cn'
            else ''
        end || keyed.province_key as province_key
    from keyed
    left join {{ ref('home_countries') }} as countries on keyed.country_key = countries.country
    where keyed.country_key = '' or countries.country is not null
),

parts as (
    {% for key in keys -%}
    select
        place_text,
        {{ loop.index }} as start_part,
        {{ keys[loop.index0:] | join(" || '|' || ") }} || '|' as reading
    from at_home
    where {{ key }} != ''
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

starts as (
    select
        place_text,
        start_part,
        reading,
        length(reading) as start_letters
    from parts
)
{%- endmacro %}
