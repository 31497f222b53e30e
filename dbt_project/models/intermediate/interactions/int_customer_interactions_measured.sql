with night as (
    select * from {{ ref('stg_strata__night') }}
),

customers as (
    select customer_id from {{ ref('int_customers_folded') }}
),

interactions as (
    select
        interactions.customer_id,
        interactions.interaction_date,
        interactions.interaction_date
        > {{ dbt.dateadd('day', -1 * var('interaction_window_days'), 'night.as_of_date') }}
            as is_in_window
    from {{ ref('int_interactions_identified') }} as interactions
    cross join night
),

-- Where no source ever told of an interaction, none is known: that is not none.
seen as (
    select count(*) > 0 as is_any_seen
    from interactions
),

measured as (
    select
        customer_id,
        count(*) filter (where is_in_window) as interaction_count,
        max(interaction_date) as last_interaction_date
    from interactions
    where customer_id is not null
    group by customer_id
),

final as (
    select
        customers.customer_id,
        measured.last_interaction_date,
        case
            when seen.is_any_seen then cast(coalesce(measured.interaction_count, 0) as integer)
        end as interaction_count
    from customers
    cross join seen
    left join measured on customers.customer_id = measured.customer_id
)

select * from final
