{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook="{{ forget_from_tonight() }}",
) }}

{{ change_log(ref('int_customer_tags_assigned'), ['customer_id', 'tag_id'], []) }}
