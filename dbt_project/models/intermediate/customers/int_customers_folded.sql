with night as (
    select * from {{ ref('stg_strata__night') }}
),

records as (
    select
        records.customer_id,
        cast(min(records.created_local_at) as date) as acquired_date,
        cast(count(distinct records.source_system) as integer) as source_systems,
        bool_or(systems.kind = 'crm' or records.record_kind = 'buyer') as is_prospect
    from {{ ref('int_customer_records_identified') }} as records
    inner join {{ ref('source_systems') }} as systems
        on records.source_system = systems.source_system
    group by records.customer_id
),

orders as (
    select
        customer_id,
        min(order_date) as first_order_date,
        max(order_date) as last_order_date
    from {{ ref('int_orders_identified') }}
    where is_counted and customer_id is not null
    group by customer_id
),

won as (
    select
        {% for attribute in ['gender', 'birth_date', 'place', 'is_member'] -%}
        max(case when attribute = '{{ attribute }}' then stated_value end) as {{ attribute }},
        {% endfor -%}
        customer_id
    from {{ ref('int_customer_attributes_won') }}
    group by customer_id
),

aged as (
    select
        won.*,
        {{ full_years_between('cast(won.birth_date as date)', 'night.as_of_date') }} as age_years
    from won
    cross join night
),

final as (
    select
        records.customer_id,
        records.acquired_date,
        orders.first_order_date,
        orders.last_order_date,
        records.source_systems,
        {% for channel in contact_channels() -%}
        contactable.contactable_{{ channel }},
        contactable.contactable_{{ channel }}_reason,
        {% endfor -%}
        cast(aged.is_member as boolean) as is_member,
        cast(extract(month from cast(aged.birth_date as date)) as integer) as birth_month,
        coalesce(aged.gender, 'unknown') as gender,
        coalesce(bands.age_band, 'unknown') as age_band,
        coalesce(places.province, 'unknown') as province,
        coalesce(places.city, 'unknown') as city,
        coalesce(places.district, 'unknown') as district,
        -- Somebody who can be written to and has never been anybody's prospect is a fan.
        case
            when orders.customer_id is not null then 'customer'
            when records.is_prospect then 'lead'
            else 'fan'
        end as customer_type
    from records
    inner join {{ ref('int_customer_contactability_judged') }} as contactable
        on records.customer_id = contactable.customer_id
    left join orders on records.customer_id = orders.customer_id
    left join aged on records.customer_id = aged.customer_id
    left join {{ ref('int_places_joined') }} as places on aged.place = places.place_code
    left join {{ ref('age_bands') }} as bands
        on
            aged.age_years >= bands.from_years
            and (aged.age_years < bands.to_years or bands.to_years is null)
)

select * from final
