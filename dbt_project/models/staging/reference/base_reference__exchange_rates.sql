{{ config(materialized='table') }}

{{ typed_rows('reference', 'exchange_rates') }}
