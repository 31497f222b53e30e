{%- set columns = ['survey_id', 'response_id', 'submitted_at'] -%}
with responses as (
    select * from {{ ref('base_wenjuanxing__responses') }}
),

{{ survey_answers('responses', columns) }},

final as (
    select
        {{ columns | join(',\n        ') }},
        {{ scored_columns() }}
    from scored
)

select * from final
