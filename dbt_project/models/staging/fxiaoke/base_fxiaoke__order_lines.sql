{{ config(materialized='table') }}

{{ typed_rows('fxiaoke', 'order_lines') }}
