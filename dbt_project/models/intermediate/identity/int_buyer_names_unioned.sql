-- The newest name that orders state of a buyer. Where some state names of different people, it is
-- nobody's: the last to order would else decide every night anew who the buyer is.
with stated as (
    select
        'shopify' as source_system,
        coalesce(email, phone) as source_customer_id,
        billing_name as person_name,
        cast(created_at as varchar) || order_name as stated_in
    from {{ ref('stg_shopify__orders') }}
    union all
    select
        'shop' as source_system,
        coalesce(source_customer_id, email, phone) as source_customer_id,
        customer_name as person_name,
        cast(ordered_local_at as varchar) || order_id as stated_in
    from {{ ref('stg_shop__order_lines') }}
    union all
    select
        source_system,
        source_customer_id,
        receiver_name as person_name,
        cast(ordered_at as varchar) || order_id as stated_in
    from {{ ref('int_marketplace_orders_unioned') }}
),

-- Most orders state what others of the buyer state: a name is read once, not per order.
spelled as (
    select
        source_system,
        source_customer_id,
        case
            when source_system = 'shopify' then {{ family_name_first('person_name') }}
            else person_name
        end as person_name,
        max(stated_in) as stated_in
    from stated
    where source_customer_id is not null and person_name is not null
    group by source_system, source_customer_id, person_name
),

{{ keyed_names('spelled') }},

keyed as (
    select
        spelled.*,
        names.name_key
    from spelled
    inner join names on spelled.person_name = names.person_name
),

grouped as (
    select
        source_system,
        source_customer_id,
        name_key,
        max_by(person_name, stated_in) as person_name,
        max(stated_in) as stated_in
    from keyed
    where name_key is not null
    group by source_system, source_customer_id, name_key
),

contradicted as (
    select distinct
        one.source_system,
        one.source_customer_id
    from grouped as one
    inner join grouped as other
        on
            one.source_system = other.source_system
            and one.source_customer_id = other.source_customer_id
            and one.name_key < other.name_key
    where {{ names_differ('one.name_key', 'other.name_key') }}
),

final as (
    select
        grouped.source_system,
        grouped.source_customer_id,
        coalesce(
            max_by(grouped.person_name, grouped.stated_in || grouped.name_key)
            filter (where not {{ is_family_name_alone('grouped.name_key') }}),
            max(grouped.person_name)
        ) as person_name
    from grouped
    left join contradicted
        on
            grouped.source_system = contradicted.source_system
            and grouped.source_customer_id = contradicted.source_customer_id
    where contradicted.source_system is null
    group by grouped.source_system, grouped.source_customer_id
)

select * from final
