{{ config(materialized='table') }}

{{ typed_rows('ga4', 'events') }}
