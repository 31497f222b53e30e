with final as (
    {% for condition in declared_conditions() -%}
    select
        {{ dbt.string_literal(condition.segment_id) }} as segment_id,
        cast({{ condition.number }} as integer) as condition_number,
        cast({{ loop.index }} as integer) as pattern_position,
        {{ segment_text(condition.text) }} as condition_text,
        {{ segment_text(condition.limit) }} as limit_value
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select * from final
