{%- set conditions = declared_conditions() -%}
-- Like segments, conditions are judged in one pass: y is met, n is not.
with profile as (
    select
        profile.*,
        judged.segment_pattern
    from {{ ref('int_customer_profile_tagged') }} as profile
    inner join {{ ref('int_segment_patterns_judged') }} as judged
        on profile.customer_id = judged.customer_id
),

final as (
    select
        customer_id,
        segment_pattern,
        concat(
            {% for condition in conditions -%}
            case when {{ condition.sql }} then 'y' else 'n' end{{ ',' if not loop.last }}
            {% endfor %}
        ) as condition_pattern
    from profile
)

select * from final
