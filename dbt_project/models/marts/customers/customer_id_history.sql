{{ config(materialized='view') }}

with final as (
    select
        customer_id,
        current_customer_id,
        given_date,
        superseded_date,
        state
    from {{ ref('int_customer_ids_followed') }}
)

select * from final
