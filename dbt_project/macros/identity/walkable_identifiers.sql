{#- CTEs that end in `held` (record_key, identifier_kind, identifier_value) and `heard`
    (identifier_kind, identifier_value): along what a change spreads from the records of `changed`.
    Nothing where most have changed, which `crowd` says.

    Who has not changed holds tonight what was held on the night before, so that of that night only
    what the changed ones held is looked at; a value that is no longer heard is one that a changed
    record brought over a limit, or left. A person of the night before is one step, however long
    the chain of identifiers in it. -#}
{% macro walkable_identifiers(crowd, changed) -%}
folded as (
    select
        known.record_key,
        known.cluster_label
    from {{ ref('stg_strata__clusters_known') }} as known
    cross join {{ crowd }} as crowd
    where
        not crowd.is_most
        and known.identifier_kind = 'record'
        and known.identifier_value = known.record_key
),

held as (
    select
        identifiers.record_key,
        identifiers.identifier_kind,
        identifiers.identifier_value
    from {{ ref('int_customer_identifiers_unioned') }} as identifiers
    cross join {{ crowd }} as crowd
    where not crowd.is_most
    union all
    select
        known.record_key,
        known.identifier_kind,
        known.identifier_value
    from {{ ref('stg_strata__clusters_known') }} as known
    inner join {{ changed }} as changed on known.record_key = changed.record_key
    union all
    select
        record_key,
        'cluster' as identifier_kind,
        cluster_label as identifier_value
    from folded
),

stated as (
    select distinct
        held.identifier_kind,
        held.identifier_value
    from held
    inner join {{ changed }} as changed on held.record_key = changed.record_key
),

heard as (
    select
        identifier_kind,
        identifier_value
    from {{ ref('int_identifiers_counted') }}
    where guard is null
    union all
    select
        known.identifier_kind,
        known.identifier_value
    from {{ ref('stg_strata__clusters_known') }} as known
    inner join stated
        on
            known.identifier_kind = stated.identifier_kind
            and known.identifier_value = stated.identifier_value
    where known.is_heard
    union all
    select
        'cluster' as identifier_kind,
        cluster_label as identifier_value
    from folded
)
{%- endmacro %}
