{#- The survey that a file is of: its name without folder, ending, the number of a repeated
    download, the date of the export, and 问卷星's counts of responses. So every export of a survey
    has the same one, as long as nobody renames the file. -#}
{% macro survey_of(file) -%}
    {%- set text = namespace(sql=file) -%}
    {%- for ending in [
        '^.*/',
        '[.][A-Za-z]+$',
        ' *[(][0-9]+[)]$',
        '[ _.-]*20[0-9]{2}[-_.]?[0-9]{2}[-_.]?[0-9]{2}([T _-]?[0-9]{2}[-_.:]?[0-9]{2}'
        ~ '([-_.:]?[0-9]{2})?)?$',
        '_[0-9]+_[0-9]+$',
    ] -%}
        {%- set text.sql = "regexp_replace(" ~ text.sql ~ ", '" ~ ending ~ "', '')" -%}
    {%- endfor -%}
    coalesce(nullif({{ text.sql }}, ''), {{ file }})
{%- endmacro %}

{#- The CTEs `labelled`, `answered`, `read` and `scored`: the answers in `_extra` of responses in
    `relation`, one row per answer, with `columns` of the response, which include survey_id. What
    the seed survey_questions says of a question decides how its answer is read. -#}
{% macro survey_answers(relation, columns) -%}
labelled as (
    {{ json_object_entries(relation, '_extra', columns) }}
),

answered as (
    select
        {{ columns | join(',\n        ') }},
        label as question,
        {{ to_text('value') }} as answer
    from labelled
),

read as (
    select
        *,
        -- The number that an answer states, also where the unit follows it.
        regexp_replace({{ to_half_width('answer') }}, ' *分$', '') as score_text
    from answered
    -- 问卷星 writes a word where a question was left out or not shown.
    where answer not in ('(空)', '(跳过)')
),

scored as (
    select
        read.*,
        coalesce(questions.question_role, 'free_text') as question_role,
        coalesce(questions.question_role in ('nps', 'csat', 'ces'), false) as is_score,
        case
            when questions.question_role in ('nps', 'csat', 'ces')
                then {{ to_amount('read.score_text') }}
        end as stated_score,
        questions.scale_min,
        questions.scale_max
    from read
    left join {{ ref('survey_questions') }} as questions
        on
            read.survey_id = questions.survey_id
            and read.question = questions.question
)
{%- endmacro %}

{#- The last columns of a model of answers. A score off the scale is no score, and is marked. -#}
{% macro scored_columns() -%}
question,
        answer,
        question_role,
        case when stated_score between scale_min and scale_max then stated_score end as score,
        is_score and not coalesce(
            stated_score between scale_min and scale_max, false
        ) as is_off_scale
{%- endmacro %}

{#- The CTE `respondents`: who gave the responses in `answers`, one row per response. -#}
{% macro survey_respondents(answers) -%}
respondents as (
    select
        survey_id,
        response_id,
        max({{ to_phone(to_half_width('answer')) }}) filter (
            where question_role = 'respondent_phone'
        ) as phone,
        max({{ to_email(to_half_width('answer')) }}) filter (
            where question_role = 'respondent_email'
        ) as email,
        max(answer) filter (where question_role = 'respondent_id') as respondent_id
    from {{ answers }}
    group by survey_id, response_id
)
{%- endmacro %}
