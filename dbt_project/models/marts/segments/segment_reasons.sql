{{ config(materialized='view') }}

{%- set conditions = declared_conditions() -%}
-- Near is who is a member, or lacks one condition and meets another. Who lacks the only condition
-- of a segment is everybody else, and is not listed.
with patterns as (
    select distinct condition_pattern from {{ ref('int_segment_conditions_judged') }}
),

parted as (
    select
        patterns.condition_pattern,
        conditions.segment_id,
        conditions.condition_number,
        conditions.pattern_position,
        conditions.condition_text,
        conditions.limit_value,
        substring(patterns.condition_pattern, conditions.pattern_position, 1) = 'y' as is_met
    from patterns
    cross join {{ ref('int_segment_conditions_declared') }} as conditions
),

near as (
    select
        condition_pattern,
        segment_id,
        bool_and(is_met) as is_complete
    from parted
    group by condition_pattern, segment_id
    having
        bool_and(is_met)
        or (count(*) filter (where not is_met) = 1 and count(*) filter (where is_met) > 0)
),

told as (
    select
        parted.*,
        near.is_complete
    from parted
    inner join near
        on
            parted.condition_pattern = near.condition_pattern
            and parted.segment_id = near.segment_id
),

profile as (
    select
        profile.*,
        judged.segment_pattern,
        judged.condition_pattern
    from {{ ref('int_customer_profile_tagged') }} as profile
    inner join {{ ref('int_segment_conditions_judged') }} as judged
        on profile.customer_id = judged.customer_id
),

final as (
    select
        told.segment_id,
        profile.customer_id,
        told.condition_number,
        told.condition_text,
        told.limit_value,
        told.is_met,
        told.is_complete as is_member,
        case told.pattern_position
            {% for condition in conditions -%}
            when {{ loop.index }} then cast({{ condition.observed }} as varchar)
            {% endfor %}
        end as observed_value,
        case
            when told.is_complete then 'leaves unless ' || told.condition_text
            when not told.is_met then 'enters once ' || told.condition_text
        end as change_needed
    from profile
    inner join told on profile.condition_pattern = told.condition_pattern
)

select * from final
