with final as (
    {% for source in declared_sources() -%}
    select
        {{ dbt.string_literal(source.system ~ '.' ~ source.table) }} as source_name,
        {{ dbt.string_literal(source.system) }} as source_system,
        {{ dbt.string_literal(source.table) }} as source_table,
        {{ dbt.string_literal(source.load) }} as load_kind,
        {{ dbt.string_literal(source.arrival) }} as arrival
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select * from final
