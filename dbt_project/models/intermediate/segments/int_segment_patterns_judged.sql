{#- One pass over the profile, however many segments are declared. A segment that is built on others
    stands on a later level, so the order of the declarations does not matter. -#}
{%- set segments = declared_segments() -%}
{%- set levels = segment_levels(segments) -%}
with profile as (
    select * from {{ ref('int_customer_profile_tagged') }}
),

{{ judged_levels('profile', levels) }},

final as (
    select
        customer_id,
        concat(
            {% for segment in segments -%}
            standing_{{ segment.segment_id }}{{ ',' if not loop.last }}
            {% endfor %}
        ) as segment_pattern
    from level_{{ levels | length }}
)

select * from final
