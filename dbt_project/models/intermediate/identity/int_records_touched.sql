-- A changed record, and whoever any chain of identifiers connects with one tonight or connected on
-- the night before: nobody else can be folded differently.
with everybody as (
    select record_key from {{ ref('int_customer_records_unioned') }}
    union
    select record_key from {{ ref('stg_strata__clusters_known') }}
    where identifier_kind = 'record' and identifier_value = record_key
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

{{ walkable_identifiers('crowd', 'reached_0') }},

frontier_0 as (
    select record_key from reached_0
),

{% for step in range(1, var('identity_reach_steps') + 1) -%}
values_{{ step }} as (
    select distinct
        held.identifier_kind,
        held.identifier_value
    from held
    inner join frontier_{{ step - 1 }} as frontier on held.record_key = frontier.record_key
    inner join heard
        on
            held.identifier_kind = heard.identifier_kind
            and held.identifier_value = heard.identifier_value
),

reached_{{ step }} as (
    select held.record_key
    from held
    inner join values_{{ step }} as found
        on
            held.identifier_kind = found.identifier_kind
            and held.identifier_value = found.identifier_value
    union
    select record_key from reached_{{ step - 1 }}
),

frontier_{{ step }} as (
    select reached.record_key
    from reached_{{ step }} as reached
    left join reached_{{ step - 1 }} as earlier on reached.record_key = earlier.record_key
    where earlier.record_key is null
),

{% endfor -%}
{% set last = var('identity_reach_steps') -%}
-- A chain that is longer than the steps reach has everybody looked at again.
walk as (
    select
        crowd.is_most or (select count(*) from frontier_{{ last }}) > 0 as is_unfinished
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
