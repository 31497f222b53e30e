{{ config(materialized='view') }}

with final as (
    select
        interaction_id,
        customer_id,
        source_system,
        channel,
        interaction_type,
        interacted_at,
        interaction_date
    from {{ ref('int_interactions_identified') }}
)

select * from final
