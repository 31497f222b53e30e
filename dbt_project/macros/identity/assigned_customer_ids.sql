{#- The CTE `assigned` (cluster_label, customer_id) of int_customer_ids_logged: the id that survives
    in a cluster, else a new one. An id that was ever given is never given again, not even for the
    same label. A label is hashed once, and only where its records bring no id along. -#}
{% macro assigned_customer_ids() -%}
labels as (
    select distinct cluster_label from clusters
    where is_person
),

fresh as (
    select
        clusters.cluster_label,
        {{ keyed_hash("'customer:' || clusters.cluster_label") }} as new_id
    from labels as clusters
    left join survivors on clusters.cluster_label = survivors.cluster_label
    where survivors.customer_id is null
),

assigned as (
    select
        clusters.cluster_label,
        case
            when given.customer_id is null then clusters.new_id
            else {{ keyed_hash(
                "'customer:' || cast(night.as_of_date as varchar) || clusters.cluster_label"
            ) }}
        end as customer_id
    from fresh as clusters
    cross join night
    left join given on clusters.new_id = given.customer_id
    union all
    select
        cluster_label,
        customer_id
    from survivors
)
{%- endmacro %}
