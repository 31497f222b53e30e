{{ config(materialized='view') }}

with known_then as (
    {{ intervals(ref('int_customers_logged'), ['customer_id'], tracked_attributes()) }}
),

final as (
    select
        known_then.customer_id,
        -- Whose interval it is as known now, after every merge since.
        ids.current_customer_id,
        {% for attribute in tracked_attributes() -%}
        known_then.{{ attribute }},
        {% endfor -%}
        known_then.valid_from,
        known_then.valid_to
    from known_then
    left join {{ ref('int_customer_ids_followed') }} as ids
        on known_then.customer_id = ids.customer_id
)

select * from final
