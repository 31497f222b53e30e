{{ config(materialized='view') }}

{%- set bases = staged_sources() -%}
with final as (
    {% for source_name in bases -%}
    select
        '{{ source_name }}' as source_name,
        _file as file_name,
        _file_id as file_id,
        _row as file_row,
        _landed_for as landed_for_date,
        outcome,
        rejected_column,
        rejected_reason,
        raw_text
    from {{ ref('base_' ~ source_name.replace('.', '__')) }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select * from final
