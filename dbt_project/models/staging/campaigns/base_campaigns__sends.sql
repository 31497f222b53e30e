{{ config(materialized='table') }}

{{ typed_rows('campaigns', 'sends') }}
