-- Names are read from the left, each behind a place that it lies in: province, city, district, any
-- of them left out. Reading begins anew at every part of the text.
{%- set keys = ['province_key', 'city_key', 'district_key', 'address_key'] %}
{%- set found = 'names.place_code, names.depth, names.is_whole' %}

with names as (
    select * from {{ ref('int_place_names_unioned') }}
),

lengths as (
    select distinct name_letters from names
),

parts as (
    {% for key in keys -%}
    select
        place_text,
        {{ loop.index }} as start_part,
        {{ keys[loop.index0:] | join(" || '|' || ") }} || '|' as reading
    from {{ ref('int_place_texts_cleaned') }}
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
),

read_1 as (
    select
        starts.place_text,
        starts.start_part,
        starts.start_letters,
        names.depth as start_depth,
        {{ found }},
        substring(starts.reading, names.name_letters + 1) as rest
    from starts
    cross join lengths
    inner join names
        on
            lengths.name_letters = names.name_letters
            and left(starts.reading, lengths.name_letters) = names.name_key
    where names.stands_alone
),

{% for step in [2, 3] -%}
behind_{{ step }} as (
    select
        place_text,
        start_part,
        start_letters,
        start_depth,
        place_code as outer_code,
        regexp_replace(rest, '^[|]+', '') as reading
    from read_{{ step - 1 }}
),

read_{{ step }} as (
    select
        behind.place_text,
        behind.start_part,
        behind.start_letters,
        behind.start_depth,
        {{ found }},
        substring(behind.reading, names.name_letters + 1) as rest
    from behind_{{ step }} as behind
    cross join lengths
    inner join names
        on
            lengths.name_letters = names.name_letters
            and left(behind.reading, lengths.name_letters) = names.name_key
            and behind.outer_code != names.place_code
            and behind.outer_code in (names.province_code, names.city_code)
),

{% endfor -%}
final as (
    select * from read_1
    union all
    select * from read_2
    union all
    select * from read_3
)

select * from final
