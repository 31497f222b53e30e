-- Occupation and income as classes. A job title is free text, in which anything may stand, so that
-- only its class leaves this model; income is known where a survey asked for it.
with customers as (
    select customer_id from {{ ref('int_customers_folded') }}
),

titles as (
    select
        customer_id,
        lower(stated_value) as title
    from {{ ref('int_customer_attributes_won') }}
    where attribute = 'occupation'
),

distinct_titles as (
    select distinct title
    from titles
),

-- Of several words in a title the one with the lowest number decides.
matched as (
    select
        titles.title,
        words.occupation_class,
        row_number() over (
            partition by titles.title
            order by words.priority asc, words.keyword asc
        ) as place
    from distinct_titles as titles
    inner join {{ ref('occupation_words') }} as words
        on titles.title like '%' || words.keyword || '%'
),

asked as (
    select
        'wenjuanxing.answers' as source_name,
        survey_id,
        response_id,
        question,
        answer
    from {{ ref('stg_wenjuanxing__answers') }}
    where question_role = 'income'
    union all
    select
        'typeform.responses' as source_name,
        survey_id,
        response_id,
        question,
        answer
    from {{ ref('stg_typeform__answers') }}
    where question_role = 'income'
),

-- A response is an interaction, which is known by the hash of its key.
answered as (
    select
        interactions.customer_id,
        incomes.income_band,
        row_number() over (
            partition by interactions.customer_id
            order by
                interactions.interacted_at desc, interactions.interaction_id asc, asked.question asc
        ) as newest_first
    from asked
    inner join {{ ref('income_answers') }} as incomes on asked.answer = incomes.answer
    inner join {{ ref('int_interactions_identified') }} as interactions
        on
            asked.source_name || ':'
            || {{ keyed_hash("asked.survey_id || ':' || asked.response_id") }}
            = interactions.interaction_id
),

final as (
    select
        customers.customer_id,
        coalesce(answered.income_band, 'unknown') as income_band,
        case
            when titles.title is null then 'unknown'
            else coalesce(matched.occupation_class, 'other')
        end as occupation_class
    from customers
    left join titles on customers.customer_id = titles.customer_id
    left join matched on titles.title = matched.title and matched.place = 1
    left join answered
        on customers.customer_id = answered.customer_id and answered.newest_first = 1
)

select * from final
