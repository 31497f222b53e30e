{{ config(materialized='view') }}

with zoho_contacts as (
    select
        'zoho' as source_system,
        'contact' as record_kind,
        record_id as source_customer_id,
        'zoho:' || record_id as record_key,
        coalesce(full_name, concat_ws(' ', last_name, first_name)) as person_name,
        gender,
        birth_date,
        {{ place_text('country', 'province', 'city', address='street') }} as place_text,
        job_title as occupation,
        cast(null as boolean) as is_member,
        created_local_at,
        modified_local_at
    from {{ ref('stg_zoho__contacts') }}
),

zoho_leads as (
    select
        'zoho' as source_system,
        'lead' as record_kind,
        record_id as source_customer_id,
        'zoho.lead:' || record_id as record_key,
        coalesce(full_name, concat_ws(' ', last_name, first_name)) as person_name,
        gender,
        cast(null as date) as birth_date,
        {{ place_text('country', 'province', 'city', address='street') }} as place_text,
        job_title as occupation,
        cast(null as boolean) as is_member,
        created_local_at,
        modified_local_at
    from {{ ref('stg_zoho__leads') }}
),

fxiaoke_customers as (
    select
        'fxiaoke' as source_system,
        'account' as record_kind,
        record_id as source_customer_id,
        'fxiaoke:' || record_id as record_key,
        customer_name as person_name,
        'unknown' as gender,
        cast(null as date) as birth_date,
        {{ place_text(province='province', city='city', district='district') }} as place_text,
        cast(null as varchar) as occupation,
        cast(null as boolean) as is_member,
        created_local_at,
        modified_local_at
    from {{ ref('stg_fxiaoke__customers') }}
),

fxiaoke_contacts as (
    select
        'fxiaoke' as source_system,
        'contact' as record_kind,
        record_id as source_customer_id,
        'fxiaoke.contact:' || record_id as record_key,
        contact_name as person_name,
        gender,
        birth_date,
        cast(null as varchar) as place_text,
        job_title as occupation,
        cast(null as boolean) as is_member,
        created_local_at,
        modified_local_at
    from {{ ref('stg_fxiaoke__contacts') }}
),

fxiaoke_leads as (
    select
        'fxiaoke' as source_system,
        'lead' as record_kind,
        record_id as source_customer_id,
        'fxiaoke.lead:' || record_id as record_key,
        lead_name as person_name,
        'unknown' as gender,
        cast(null as date) as birth_date,
        cast(null as varchar) as place_text,
        cast(null as varchar) as occupation,
        cast(null as boolean) as is_member,
        created_local_at,
        modified_local_at
    from {{ ref('stg_fxiaoke__leads') }}
),

final as (
    select * from zoho_contacts
    union all
    select * from zoho_leads
    union all
    select * from fxiaoke_customers
    union all
    select * from fxiaoke_contacts
    union all
    select * from fxiaoke_leads
)

select * from final
