{#- Two CTEs for int_customer_ids_logged: `known`, the latest id of each record before tonight, and
    `given`, the first night of every id. Both are empty on the first night. -#}
{% macro known_customer_ids(clusters) -%}
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

given as (
    select
        customer_id,
        min(as_of_date) as given_date
    from entries
    group by customer_id
)
{%- else -%}
known as (
    select
        record_key,
        cast(null as varchar) as customer_id,
        cast(null as date) as as_of_date
    from {{ clusters }}
    where 1 = 0
),

given as (
    select
        customer_id,
        as_of_date as given_date
    from known
)
{%- endif %}
{%- endmacro %}
