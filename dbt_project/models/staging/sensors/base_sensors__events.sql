{{ config(materialized='table') }}

{{ typed_rows('sensors', 'events') }}
