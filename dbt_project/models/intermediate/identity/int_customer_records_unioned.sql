{%- set kinds = ['crm', 'buyer', 'member', 'friend', 'visitor'] %}

-- By name, as a union by position would mix up columns that a model lists in another order.
with unioned as (
    {% for kind in kinds -%}
    select
        record_key,
        source_system,
        record_kind,
        source_customer_id,
        person_name,
        gender,
        birth_date,
        place_text,
        occupation,
        is_member,
        created_local_at,
        modified_local_at
    from {{ ref('int_' ~ kind ~ '_records_unioned') }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

{{ keyed_names('unioned') }},

final as (
    select
        unioned.record_key,
        unioned.source_system,
        unioned.record_kind,
        unioned.source_customer_id,
        unioned.gender,
        unioned.birth_date,
        unioned.place_text,
        unioned.occupation,
        unioned.is_member,
        unioned.created_local_at,
        unioned.modified_local_at,
        names.name_key,
        nullif(unioned.person_name, '') as person_name
    from unioned
    left join names on unioned.person_name = names.person_name
)

select * from final
