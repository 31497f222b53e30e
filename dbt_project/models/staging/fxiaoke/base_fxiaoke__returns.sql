{{ config(materialized='table') }}

{{ typed_rows('fxiaoke', 'returns') }}
