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

{% if is_incremental() -%}
entries as (
    select
        log.record_key,
        log.customer_id,
        log.as_of_date,
        row_number() over (
            partition by log.record_key
            order by log.as_of_date desc
        ) as newest_first
    from {{ this }} as log
    inner join night on log.as_of_date < night.as_of_date
),

known as (
    select
        record_key,
        customer_id,
        as_of_date
    from entries
    where newest_first = 1
),
{%- else -%}
known as (
    select
        record_key,
        cast(null as varchar) as customer_id,
        cast(null as date) as as_of_date
    from clusters
    where 1 = 0
),
{%- endif %}

-- The record that has held an id for longest keeps it; the others of a split get a new one.
holders as (
    select
        clusters.cluster_label,
        known.customer_id,
        known.as_of_date,
        row_number() over (
            partition by known.customer_id
            order by known.as_of_date, known.record_key
        ) as place
    from known
    inner join clusters on known.record_key = clusters.record_key
),

survivors as (
    select
        cluster_label,
        min_by(customer_id, cast(as_of_date as varchar) || customer_id) as customer_id
    from holders
    where place = 1
    group by cluster_label
),

assigned as (
    select
        clusters.record_key,
        coalesce(
            survivors.customer_id,
            {{ keyed_hash("'customer:' || clusters.cluster_label") }}
        ) as customer_id
    from clusters
    left join survivors on clusters.cluster_label = survivors.cluster_label
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
