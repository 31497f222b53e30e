{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook="{{ forget_from_tonight() }}",
) }}

with night as (
    select as_of_date from {{ ref('stg_strata__night') }}
),

clusters as (
    select distinct
        record_key,
        cluster_label
    from {{ ref('int_customer_records_clustered') }}
),

{{ known_customer_ids('clusters') }},

-- The record that has held an id for longest keeps it; the others of a split get a new one.
holders as (
    select
        clusters.cluster_label,
        known.customer_id,
        given.given_date,
        row_number() over (
            partition by known.customer_id
            order by known.as_of_date, known.record_key
        ) as place
    from known
    inner join clusters on known.record_key = clusters.record_key
    inner join given on known.customer_id = given.customer_id
),

survivors as (
    select
        cluster_label,
        min_by(customer_id, cast(given_date as varchar) || customer_id) as customer_id
    from holders
    where place = 1
    group by cluster_label
),

-- An id that was ever given is never given again, not even for the same label.
fresh as (
    select
        clusters.record_key,
        survivors.customer_id as kept_id,
        {{ keyed_hash("'customer:' || clusters.cluster_label") }} as new_id,
        {{ keyed_hash(
            "'customer:' || cast(night.as_of_date as varchar) || clusters.cluster_label"
        ) }} as newer_id
    from clusters
    cross join night
    left join survivors on clusters.cluster_label = survivors.cluster_label
),

assigned as (
    select
        fresh.record_key,
        case
            when fresh.kept_id is not null then fresh.kept_id
            when given.customer_id is null then fresh.new_id
            else fresh.newer_id
        end as customer_id
    from fresh
    left join given on fresh.new_id = given.customer_id
),

final as (
    select
        night.as_of_date,
        assigned.record_key,
        assigned.customer_id
    from assigned
    cross join night
    left join known on assigned.record_key = known.record_key
    where assigned.customer_id is distinct from known.customer_id
)

select * from final
