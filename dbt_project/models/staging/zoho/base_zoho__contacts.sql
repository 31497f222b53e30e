{{ config(materialized='table') }}

with source as (
    select * from {{ source('zoho', 'contacts') }}
),

-- A full dump states everybody, so only the newest one counts.
newest as (
    select *
    from source
    where _exported_at = (select max(dumps._exported_at) from source as dumps)
),

cleaned as (
    select
        regexp_replace({{ to_text('record_id') }}, '^zcrm_', '') as record_id,
        {{ to_text('first_name') }} as first_name,
        {{ to_text('last_name') }} as last_name,
        lower({{ to_text('salutation') }}) as salutation,
        {{ to_text('email') }} as email_text,
        {{ to_text('mobile') }} as mobile_text,
        {{ to_text('phone') }} as phone_text,
        {{ to_text('email_opt_out') }} as opt_out_text,
        {{ to_text('mailing_city') }} as city,
        {{ to_text('mailing_state') }} as province,
        {{ to_text('date_of_birth') }} as birth_text,
        {{ to_text('created_time') }} as created_text,
        {{ to_text('modified_time') }} as modified_text,
        {{ raw_record([
            'record_id', 'first_name', 'last_name', 'email', 'phone', 'mobile',
            'date_of_birth', 'created_time', 'modified_time',
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
        coalesce({{ to_phone('mobile_text') }}, {{ to_phone('phone_text') }}) as phone,
        {{ to_boolean('opt_out_text') }} as has_email_opt_out,
        cast({{ to_local_time('birth_text') }} as date) as birth_date,
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
            when birth_date is null and birth_text is not null then 'date_of_birth'
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
