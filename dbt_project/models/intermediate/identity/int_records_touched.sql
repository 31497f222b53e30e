-- A changed record, and whoever any chain of identifiers connects with one tonight or connected on
-- the night before: nobody else can be folded differently.
with held as (
    select
        record_key,
        identifier_kind,
        identifier_value
    from {{ ref('int_customer_identifiers_unioned') }}
    union
    select
        record_key,
        identifier_kind,
        identifier_value
    from {{ ref('stg_strata__clusters_known') }}
),

heard as (
    select
        identifier_kind,
        identifier_value
    from {{ ref('int_identifiers_counted') }}
    where guard is null
    union
    select
        identifier_kind,
        identifier_value
    from {{ ref('stg_strata__clusters_known') }}
    where is_heard
),

links as (
    select held.*
    from held
    inner join heard
        on
            held.identifier_kind = heard.identifier_kind
            and held.identifier_value = heard.identifier_value
),

everybody as (
    select distinct record_key from held
),

-- Where most have changed, as on the first night, walking would only find the others.
crowd as (
    select
        (select count(*) from {{ ref('int_records_changed') }}) * 2
        > (select count(*) from everybody) as is_most
),

reached_0 as (
    select changed.record_key
    from {{ ref('int_records_changed') }} as changed
    cross join crowd
    where not crowd.is_most
),

{% for step in range(1, var('identity_reach_steps') + 1) -%}
values_{{ step }} as (
    select distinct
        links.identifier_kind,
        links.identifier_value
    from links
    inner join reached_{{ step - 1 }} as reached on links.record_key = reached.record_key
),

reached_{{ step }} as (
    select links.record_key
    from links
    inner join values_{{ step }} as found
        on
            links.identifier_kind = found.identifier_kind
            and links.identifier_value = found.identifier_value
    union
    select record_key from reached_{{ step - 1 }}
),

{% endfor -%}
{% set last = var('identity_reach_steps') -%}
-- A chain that is longer than the steps reach has everybody looked at again.
walk as (
    select
        crowd.is_most
        or (select count(*) from reached_{{ last }})
        != (select count(*) from reached_{{ last - 1 }}) as is_unfinished
    from crowd
),

final as (
    select everybody.record_key
    from everybody
    cross join walk
    left join reached_{{ last }} as reached on everybody.record_key = reached.record_key
    where walk.is_unfinished or reached.record_key is not null
)

select * from final
