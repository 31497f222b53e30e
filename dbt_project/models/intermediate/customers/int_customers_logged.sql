{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook="{{ forget_from_tonight() }}",
) }}

{{ change_log(ref('int_customers_folded'), ['customer_id'], tracked_attributes()) }}
