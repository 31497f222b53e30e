{%- set columns = ['survey_id', 'response_id', 'started_at', 'submitted_at'] -%}
with base as (
    select *
    from {{ ref('base_typeform__responses') }}
    where outcome = 'kept'
),

named as (
    select
        {{ survey_of('_file') }} as survey_id,
        response_id,
        started_at,
        submitted_at,
        _extra
    from base
),

{{ survey_answers('named', columns) }},

final as (
    select
        {{ columns | join(',\n        ') }},
        {{ scored_columns() }}
    from scored
)

select * from final
