{{ config(materialized='table') }}

with source as (
    select * from {{ source('fxiaoke', 'customers') }}
),

-- A full dump states everybody, so only the newest one counts.
newest as (
    select *
    from source
    where _exported_at = (select max(dumps._exported_at) from source as dumps)
),

cleaned as (
    select
        {{ to_text('record_id') }} as record_id,
        {{ to_text('customer_name') }} as customer_name,
        {{ to_text('phone') }} as phone_text,
        {{ to_text('email') }} as email_text,
        {{ to_text('province') }} as province,
        {{ to_text('city') }} as city,
        {{ to_text('life_status') }} as life_status,
        {{ to_text('created_time') }} as created_text,
        {{ to_text('modified_time') }} as modified_text,
        {{ raw_record([
            'record_id', 'customer_name', 'phone', 'email', 'created_time', 'modified_time',
        ]) }} as raw_text,
        _file,
        _file_id,
        _row,
        _exported_at,
        _landed_for,
        _file_number
    from newest
),

typed as (
    select
        *,
        {{ to_email('email_text') }} as email,
        {{ to_phone('phone_text') }} as phone,
        {{ to_local_time('created_text') }} as created_local_at,
        {{ to_local_time('modified_text') }} as modified_local_at
    from cleaned
),

judged as (
    select
        *,
        case
            when record_id is null then 'record_id'
            when regexp_matches(record_id, '^[0-9.]+[eE][+]?[0-9]+$') then 'record_id'
            when created_local_at is null then 'created_time'
            when modified_local_at is null and modified_text is not null then 'modified_time'
        end as rejected_column
    from typed
),

placed as (
    select
        *,
        row_number() over (
            partition by record_id
            order by
                rejected_column is null desc,
                modified_local_at desc nulls last,
                _file_number desc,
                _row asc
        ) = 1 as is_newest
    from judged
),

final as (
    select
        *,
        {{ staging_outcome('rejected_column', 'is_newest') }} as outcome,
        case
            when rejected_column is null then null
            when rejected_column = 'record_id' and record_id is not null then 'damaged_by_excel'
            when rejected_column = 'record_id' then 'missing_value'
            else 'not_a_date'
        end as rejected_reason
    from placed
)

select * from final
