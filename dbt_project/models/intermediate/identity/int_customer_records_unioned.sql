with unioned as (
    select * from {{ ref('int_crm_records_unioned') }}
    union all
    select * from {{ ref('int_buyer_records_unioned') }}
    union all
    select * from {{ ref('int_member_records_unioned') }}
    union all
    select * from {{ ref('int_visitor_records_unioned') }}
),

final as (
    select
        record_key,
        source_system,
        record_kind,
        source_customer_id,
        nullif(person_name, '') as person_name,
        {{ person_name_key('person_name') }} as name_key,
        gender,
        birth_date,
        place_text,
        occupation,
        is_member,
        created_local_at,
        modified_local_at
    from unioned
)

select * from final
