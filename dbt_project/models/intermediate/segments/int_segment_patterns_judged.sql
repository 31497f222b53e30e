{#- One pass over the profile, however many segments are declared. A segment that is built on others
    stands on a later level, so the order of the declarations does not matter. -#}
{%- set segments = declared_segments() -%}
{%- set judged = namespace(cte='profile') -%}
-- Standing in a segment: m is a member, c would be one but for consent, - is outside.
with profile as (
    select * from {{ ref('int_customer_profile_tagged') }}
),

{% for level in segment_levels(segments) -%}
level_{{ loop.index }} as (
    select
        *,
        {% for segment in level -%}
        case
            when not coalesce({{ segment.sql }}, false) then '-'
            {% if segment.consent -%}
            when not coalesce(contactable_{{ segment.consent }}, false) then 'c'
            {% endif -%}
            else 'm'
        end as standing_{{ segment.segment_id }}{{ ',' if not loop.last }}
        {% endfor %}
    from {{ judged.cte }}
),

{% set judged.cte = 'level_' ~ loop.index -%}
{%- endfor -%}
final as (
    select
        customer_id,
        concat(
            {% for segment in segments -%}
            standing_{{ segment.segment_id }}{{ ',' if not loop.last }}
            {% endfor %}
        ) as segment_pattern
    from {{ judged.cte }}
)

select * from final
