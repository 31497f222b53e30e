{{ config(materialized='table') }}

{{ typed_rows('loyalty', 'points_ledger') }}
