{{ config(materialized='view') }}

with final as (
    select
        customer_id,
        attribute,
        source_system,
        record_kind,
        decided_by,
        stated_date
    from {{ ref('int_customer_attributes_won') }}
)

select * from final
