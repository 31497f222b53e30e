with final as (
    {% for tag_id, rule in declared_tag_rules() -%}
    select
        {{ dbt.string_literal(tag_id) }} as tag_id,
        {{ dbt.string_literal(dbt.escape_single_quotes(rule)) }} as rule_text
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select * from final
