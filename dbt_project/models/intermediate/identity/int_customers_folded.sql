with night as (
    select * from {{ ref('stg_strata__night') }}
),

records as (
    select
        records.*,
        lpad(cast(systems.priority as varchar), 2, '0') || records.record_key as sort_key
    from {{ ref('int_customer_records_identified') }} as records
    inner join {{ ref('source_systems') }} as systems
        on records.source_system = systems.source_system
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

folded as (
    select
        customer_id,
        cast(min(created_local_at) as date) as acquired_date,
        false as contactable_email,
        min_by(gender, sort_key) filter (where gender != 'unknown') as gender,
        min_by(birth_date, sort_key) filter (where birth_date is not null) as birth_date,
        min_by(province, sort_key) filter (where province is not null) as province,
        min_by(city, sort_key) filter (where city is not null) as city,
        count(distinct source_system) as source_systems
    from records
    group by customer_id
),

aged as (
    select
        folded.*,
        {{ full_years_between('folded.birth_date', 'night.as_of_date') }} as age_years
    from folded
    cross join night
),

final as (
    select
        aged.customer_id,
        aged.acquired_date,
        aged.contactable_email,
        orders.first_order_date,
        orders.last_order_date,
        cast(null as boolean) as is_member,
        cast(aged.source_systems as integer) as source_systems,
        coalesce(aged.gender, 'unknown') as gender,
        coalesce(bands.age_band, 'unknown') as age_band,
        coalesce(aged.province, 'unknown') as province,
        coalesce(aged.city, 'unknown') as city,
        case when orders.customer_id is null then 'lead' else 'customer' end as customer_type
    from aged
    left join orders on aged.customer_id = orders.customer_id
    left join {{ ref('age_bands') }} as bands
        on
            aged.age_years >= bands.from_years
            and (aged.age_years < bands.to_years or bands.to_years is null)
)

select * from final
