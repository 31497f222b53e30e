{%- set texts = [
    'name_zh', 'name_en', 'goal', 'owner', 'department', 'metric', 'channel', 'group',
] -%}
{%- set numbers = ['baseline', 'target', 'size_change_limit'] -%}
{%- set dates = ['deadline', 'review_date'] -%}
with declared as (
    {% for segment in declared_segments() -%}
    select
        {{ dbt.string_literal(segment.segment_id) }} as segment_id,
        {% for name in texts -%}
        {{ segment_text(segment.get(name)) }} as {{ 'group_id' if name == 'group' else name }},
        {% endfor -%}
        {% for name in numbers -%}
        cast({{ segment.get(name, 'null') }} as decimal(18, 4)) as {{ name }},
        {% endfor -%}
        {% for name in dates -%}
        cast({{ segment_text(segment.get(name)) }} as date) as {{ name }},
        {% endfor -%}
        {{ segment_text(segment.rule) }} as rule_text,
        {{ segment_text((segment.get('exclusions') or []) | join('\n')) }} as exclusions,
        {{ segment_text(segment.membership_source) }} as membership_source,
        {{ segment_text(segment.version) }} as definition_version,
        cast({{ segment.priority }} as integer) as priority,
        cast({{ segment.get('follow_up_days', 'null') }} as integer) as follow_up_days,
        cast({{ loop.index }} as integer) as pattern_position,
        {{ segment.get('is_action_segment', false) }} as is_action_segment,
        {{ segment.get('needs_consent', false) }} as needs_consent
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

final as (
    select
        *,
        coalesce(size_change_limit, {{ var('segment_size_change_limit') }}) as change_limit
    from declared
)

select * from final
