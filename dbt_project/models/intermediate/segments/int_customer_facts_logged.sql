{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook="{{ forget_from_tonight() }}",
) }}

{{ change_log(ref('int_customer_facts_hashed'), ['customer_id'], ['facts_key']) }}
