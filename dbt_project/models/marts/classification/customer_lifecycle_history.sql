{{ config(materialized='view') }}

{{ intervals(ref('int_customer_lifecycle_logged'), ['customer_id'], ['lifecycle_stage']) }}
