with final as (
    select
        records.record_key,
        records.name_key,
        records.birth_date,
        records.record_kind = 'device' as is_device
    from {{ ref('int_customer_records_unioned') }} as records
    inner join {{ ref('int_records_touched') }} as touched
        on records.record_key = touched.record_key
)

select * from final
