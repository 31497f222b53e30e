{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook="{{ forget_from_tonight() }}",
) }}

{{ change_log(
    ref('int_customer_rfm_scored'),
    ['customer_id'],
    ['rfm_cell', 'rfm_segment', 'rfm_type'],
) }}
