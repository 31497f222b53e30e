{{ config(meta={'dagster': {'ref': {'name': 'dim_customers_history'}}}) }}

-- What is open is what dim_customers says, column by column; and an interval ends where the next
-- one begins, unless the customer was gone on that night.
with open_intervals as (
    select
        customer_id,
        {{ tracked_attributes() | join(',\n        ') }}
    from {{ ref('dim_customers_history') }}
    where valid_to is null
),

customers as (
    select
        customer_id,
        {{ tracked_attributes() | join(',\n        ') }}
    from {{ ref('dim_customers') }}
    -- The one member for everybody who was erased has no history.
    where customer_id != 'erased'
),

differing as (
    select coalesce(customers.customer_id, open_intervals.customer_id) as customer_id
    from customers
    full outer join open_intervals on customers.customer_id = open_intervals.customer_id
    where
        customers.customer_id is null
        or open_intervals.customer_id is null
        {% for attribute in tracked_attributes() -%}
        or customers.{{ attribute }} is distinct from open_intervals.{{ attribute }}
        {% endfor %}
),

followed as (
    select
        customer_id,
        valid_to,
        lead(valid_from) over (partition by customer_id order by valid_from) as next_from
    from {{ ref('dim_customers_history') }}
),

holes as (
    select followed.customer_id
    from followed
    left join {{ ref('int_customers_logged') }} as log
        on
            followed.customer_id = log.customer_id
            and followed.valid_to = log.as_of_date
            and not log.is_present
    where followed.next_from != followed.valid_to and log.customer_id is null
),

final as (
    select
        'differs from dim_customers' as finding,
        customer_id
    from differing
    union all
    select
        'hole' as finding,
        customer_id
    from holes
)

select * from final
