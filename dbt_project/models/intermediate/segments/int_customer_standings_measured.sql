{{ config(materialized='view') }}

-- What the loyalty programme and the latest answer to a survey say of a customer.
with members as (
    select
        records.customer_id,
        levels.member_level,
        row_number() over (
            partition by records.customer_id
            order by
                levels.level_since_date desc nulls last,
                levels.member_id asc
        ) as newest_first
    from {{ ref('stg_loyalty__member_levels') }} as levels
    inner join {{ ref('int_customer_records_identified') }} as records
        on 'loyalty:' || levels.member_id = records.record_key
),

answers as (
    select
        survey_id,
        response_id,
        question,
        score,
        submitted_at
    from {{ ref('stg_wenjuanxing__answers') }}
    where score is not null
    union all
    select
        survey_id,
        response_id,
        question,
        score,
        submitted_at
    from {{ ref('stg_typeform__answers') }}
    where score is not null and submitted_at is not null
),

scored as (
    select
        mentions.customer_id,
        (answers.score - questions.scale_min)
        / nullif(questions.scale_max - questions.scale_min, 0) as satisfaction_share,
        row_number() over (
            partition by mentions.customer_id
            order by
                answers.submitted_at desc nulls last,
                answers.survey_id asc,
                answers.response_id desc,
                answers.question asc
        ) as newest_first
    from answers
    inner join {{ ref('survey_questions') }} as questions
        on answers.survey_id = questions.survey_id and answers.question = questions.question
    inner join {{ ref('int_customer_mentions_resolved') }} as mentions
        on
            mentions.mention_kind = 'response'
            and answers.survey_id || ':' || answers.response_id = mentions.mention_id
),

final as (
    select
        customers.customer_id,
        members.member_level,
        cast(scored.satisfaction_share as decimal(5, 4)) as satisfaction_share
    from {{ ref('int_customers_folded') }} as customers
    left join members on customers.customer_id = members.customer_id and members.newest_first = 1
    left join scored on customers.customer_id = scored.customer_id and scored.newest_first = 1
)

select * from final
