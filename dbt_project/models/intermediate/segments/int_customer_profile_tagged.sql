with night as (
    select as_of_date from {{ ref('stg_strata__night') }}
),

tags as (
    select
        customer_id,
        {{ dbt.listagg('tag_id', "'|'", 'order by tag_id') }} as tag_ids
    from {{ ref('int_customer_tags_assigned') }}
    group by customer_id
),

grouped as (
    select
        customer_id,
        {{ dbt.listagg('group_id', "'|'", 'order by group_id') }} as group_ids
    from {{ ref('int_customer_groups_assigned') }}
    group by customer_id
),

final as (
    select
        {% for name in profile_words() -%}
        profile.{{ name }},
        {% endfor -%}
        night.as_of_date,
        coalesce('|' || tags.tag_ids || '|', '|') as tag_list,
        coalesce('|' || grouped.group_ids || '|', '|') as group_list
    from {{ ref('int_customer_profile_joined') }} as profile
    cross join night
    left join tags on profile.customer_id = tags.customer_id
    left join grouped on profile.customer_id = grouped.customer_id
)

select * from final
