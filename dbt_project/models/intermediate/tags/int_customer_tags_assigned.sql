with final as (
    select
        customer_id,
        tag_id,
        source,
        source_system,
        tagged_date,
        is_date_stated,
        tagged_by_id,
        statement_count
    from {{ ref('int_customer_tags_folded') }}
    where place_in_group = 1
)

select * from final
