{{ config(meta={'dagster': {'ref': {'name': 'customer_tags'}}}) }}

-- Whoever was moved within a group is no longer where they were; and what is open in the history
-- is what customers have tonight.
with open_intervals as (
    select
        customer_id,
        tag_id
    from {{ ref('customer_tag_history') }}
    where valid_to is null
)

select
    history.customer_id,
    tags.exclusive_group as finding
from open_intervals as history
inner join {{ ref('dim_tags') }} as tags on history.tag_id = tags.tag_id
where tags.exclusive_group is not null
group by history.customer_id, tags.exclusive_group
having count(*) > 1
union all
select
    coalesce(held.customer_id, history.customer_id) as customer_id,
    'differs from history' as finding
from {{ ref('customer_tags') }} as held
full outer join open_intervals as history
    on held.customer_id = history.customer_id and held.tag_id = history.tag_id
where held.customer_id is null or history.customer_id is null
