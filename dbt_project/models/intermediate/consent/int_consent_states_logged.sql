{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook="{{ forget_from_tonight() }}",
) }}

{{ change_log(
    ref('int_consent_states_unioned'),
    ['record_key', 'statement'],
    ['is_stated'],
) }}
