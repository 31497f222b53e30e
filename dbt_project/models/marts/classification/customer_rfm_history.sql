{{ config(materialized='view') }}

{{ intervals(
    ref('int_customer_rfm_logged'),
    ['customer_id'],
    ['rfm_cell', 'rfm_segment', 'rfm_type'],
) }}
