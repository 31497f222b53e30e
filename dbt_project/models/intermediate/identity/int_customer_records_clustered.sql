-- Each round hands the smallest label of an identifier to all its records, then the smallest label
-- of a record to all its identifiers; connected records end with one label.
with round_0 as (
    select
        record_key,
        identifier,
        record_key as cluster_label
    from {{ ref('int_customer_identifiers_unioned') }}
),

{% for round in range(1, var('identity_rounds') + 1) -%}
shared_{{ round }} as (
    select
        record_key,
        identifier,
        min(cluster_label) over (partition by identifier) as cluster_label
    from round_{{ round - 1 }}
),

round_{{ round }} as (
    select
        record_key,
        identifier,
        min(cluster_label) over (partition by record_key) as cluster_label
    from shared_{{ round }}
),

{% endfor -%}
final as (
    select
        record_key,
        identifier,
        cluster_label
    from round_{{ var('identity_rounds') }}
)

select * from final
