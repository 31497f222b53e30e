{{ config(
    materialized='incremental', incremental_strategy='append',
    pre_hook="{{ forget_from_tonight() }}",
) }}

with night as (
    select as_of_date from {{ ref('stg_strata__night') }}
),

clusters as (
    select * from {{ ref('int_records_labelled') }}
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
    inner join clusters on known.record_key = clusters.record_key and clusters.is_person
    inner join given on known.customer_id = given.customer_id
),

-- Who merges two customers by hand says which id stays.
named as (
    select
        named_id as customer_id,
        max(case when side = 'other' then 2 else 0 end) as survival_rank
    from {{ ref('int_identity_overrides_resolved') }}
    where action = 'merge'
    group by named_id
),

survivors as (
    select
        holders.cluster_label,
        min_by(
            holders.customer_id,
            cast(coalesce(named.survival_rank, 1) as varchar)
            || cast(holders.given_date as varchar) || holders.customer_id
        ) as customer_id
    from holders
    left join named on holders.customer_id = named.customer_id
    where holders.place = 1
    group by holders.cluster_label
),

{{ assigned_customer_ids() }},

final as (
    select
        night.as_of_date,
        assigned.customer_id,
        coalesce(clusters.record_key, known.record_key) as record_key
    from clusters
    full outer join known on clusters.record_key = known.record_key
    left join assigned on clusters.cluster_label = assigned.cluster_label
    cross join night
    where
        assigned.customer_id is distinct from known.customer_id
        -- Who is away leaves an id to those who have it, and does not take it from them on return.
        and (
            clusters.record_key is not null
            or known.customer_id in (select held.customer_id from assigned as held)
        )
)

select * from final
