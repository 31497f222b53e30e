-- One pass over the profile, however many segments are declared.
with profile as (
    select * from {{ ref('int_customer_profile_joined') }}
),

segments as (
    select
        segment_id,
        rule_text
    from {{ ref('int_segments_declared') }}
),

final as (
    select
        segments.segment_id,
        profile.customer_id,
        segments.rule_text as reason
    from profile
    cross join segments
    where
        case segments.segment_id
            {% for segment in declared_segments() -%}
            when '{{ segment.segment_id }}' then {{ segment.rule }}
            {% endfor %}
        end
)

select * from final
