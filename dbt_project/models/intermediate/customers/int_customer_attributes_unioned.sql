{{ config(materialized='view') }}

-- What records state, one statement per row. A birth date after the night, or so long ago that it
-- can only be the first value of a form, states nothing.
with night as (
    select * from {{ ref('stg_strata__night') }}
),

records as (
    select
        records.customer_id,
        records.record_key,
        records.source_system,
        records.record_kind,
        records.modified_local_at as stated_at,
        records.occupation,
        places.place_code as place,
        cast(records.is_member as varchar) as is_member,
        nullif(records.gender, 'unknown') as gender,
        case
            when
                records.birth_date <= night.as_of_date
                and {{ full_years_between('records.birth_date', 'night.as_of_date') }}
                <= {{ var('birth_date_max_years') }}
                then cast(records.birth_date as varchar)
        end as birth_date
    from {{ ref('int_customer_records_identified') }} as records
    cross join night
    left join {{ ref('int_place_texts_matched') }} as places
        on records.place_text = places.place_text
),

{% set attributes = ['gender', 'birth_date', 'place', 'occupation', 'is_member'] -%}
filled as (
    select
        *,
        {% for attribute in attributes -%}
        case when {{ attribute }} is null then 0 else 1 end{{ ' +' if not loop.last }}
        {% endfor -%}
            as filled_count
    from records
),

final as (
    {% for attribute in attributes -%}
    select
        customer_id,
        record_key,
        '{{ attribute }}' as attribute,
        {{ attribute }} as stated_value,
        source_system,
        record_kind,
        stated_at,
        filled_count
    from filled
    where {{ attribute }} is not null
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select * from final
