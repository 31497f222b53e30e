-- The parts of each text as they compare, where the country is one that the reference list holds.
with texts as (
    select distinct place_text
    from {{ ref('int_customer_records_unioned') }}
    where place_text is not null
),

keyed as (
    select
        place_text,
        {% for part in ['country', 'province', 'city', 'district', 'address'] -%}
        {{ place_key("split_part(place_text, '|', " ~ loop.index ~ ")") }} as {{ part }}_key
        {{- ',' if not loop.last }}
        {% endfor %}
    from texts
),

final as (
    select
        keyed.place_text,
        -- Two letters are a province only where the country is known: SC is also South Carolina.
        case
            when keyed.country_key != '' and regexp_matches(keyed.province_key, '^[a-z][a-z]$')
                then 'cn'
            else ''
        end || keyed.province_key as province_key,
        keyed.city_key,
        keyed.district_key,
        keyed.address_key
    from keyed
    left join {{ ref('home_countries') }} as countries on keyed.country_key = countries.country
    where keyed.country_key = '' or countries.country is not null
)

select * from final
