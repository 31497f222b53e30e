with records as (
    select * from {{ ref('int_customer_records_unioned') }}
),

entries as (
    select
        record_key,
        customer_id,
        row_number() over (
            partition by record_key
            order by as_of_date desc
        ) as newest_first
    from {{ ref('int_customer_ids_logged') }}
),

final as (
    select
        entries.customer_id,
        records.record_key,
        records.source_system,
        records.record_kind,
        records.source_customer_id,
        records.created_local_at,
        records.modified_local_at,
        records.person_name,
        records.name_key,
        records.gender,
        records.birth_date,
        records.place_text,
        records.occupation,
        records.is_member
    from records
    inner join entries
        on
            records.record_key = entries.record_key
            and entries.newest_first = 1
            and entries.customer_id is not null
)

select * from final
