{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook="{{ forget_from_tonight() }}",
) }}

{{ change_log(
    ref('int_customer_lifecycle_staged'),
    ['customer_id'],
    [
        'first_order_date', 'last_order_date', 'orders_ever', 'net_amount_ever',
        'silent_from_days', 'churned_from_days',
    ],
) }}
