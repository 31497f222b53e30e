with declared as (
    {% for segment in declared_segments() -%}
    select
        {{ dbt.string_literal(segment.segment_id) }} as segment_id,
        {{ dbt.string_literal(segment.name_zh) }} as name_zh,
        {{ dbt.string_literal(segment.name_en) }} as name_en,
        {{ dbt.string_literal(segment.goal) }} as goal,
        {{ dbt.string_literal(segment.owner) }} as owner,
        {{ segment.priority }} as priority,
        {{ dbt.string_literal(dbt.escape_single_quotes(segment.rule)) }} as rule_text,
        {{ segment.is_action_segment }} as is_action_segment
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

final as (
    select
        segment_id,
        name_zh,
        name_en,
        goal,
        owner,
        cast(priority as integer) as priority,
        rule_text,
        'rule' as membership_source,
        is_action_segment
    from declared
)

select * from final
