with base as (
    select *
    from {{ ref('base_typeform__responses') }}
    where outcome = 'kept'
),

{{ survey_respondents(ref('stg_typeform__answers')) }},

final as (
    select
        {{ survey_of('base._file') }} as survey_id,
        base.response_id,
        respondents.respondent_id,
        respondents.phone,
        respondents.email,
        base.submitted_at is not null as is_submitted,
        base.started_at,
        base.submitted_at,
        base.tags,
        base.ending
    from base
    -- A response without a single answer is one all the same.
    left join respondents on base.response_id = respondents.response_id
)

select * from final
