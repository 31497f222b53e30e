{{ config(materialized='table') }}

{{ typed_rows('fxiaoke', 'orders') }}
