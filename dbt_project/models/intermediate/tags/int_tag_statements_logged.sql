{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook="{{ forget_from_tonight() }}",
) }}

-- Most systems do not say since when somebody has a tag; this is since when it was seen.
{{ change_log(ref('int_tag_statements_identified'), ['statement_id'], []) }}
