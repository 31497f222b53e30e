with responses as (
    select * from {{ ref('base_wenjuanxing__responses') }}
),

{{ survey_respondents(ref('stg_wenjuanxing__answers')) }},

final as (
    select
        responses.survey_id,
        responses.response_id,
        respondents.respondent_id,
        respondents.phone,
        respondents.email,
        {{ to_integer("replace(responses.duration_text, '秒', '')") }} as duration_seconds,
        responses.channel,
        responses.channel_detail,
        responses.submitted_at
    from responses
    -- A response without a single answer is one all the same.
    left join respondents
        on
            responses.survey_id = respondents.survey_id
            and responses.response_id = respondents.response_id
)

select * from final
