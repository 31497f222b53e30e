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

final as (
    select
        record_key,
        source_system,
        record_kind,
        source_customer_id,
        gender,
        birth_date,
        place_text,
        occupation,
        is_member,
        created_local_at,
        modified_local_at,
        nullif(person_name, '') as person_name,
        {{ person_name_key('person_name') }} as name_key
    from unioned
)

select * from final
