{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook="{{ forget_from_tonight() }}",
) }}

{{ change_log(
    ref('int_customer_consents_decided'),
    ['customer_id', 'channel', 'purpose'],
    ['state', 'stated_date', 'source_system', 'decided_by'],
) }}
