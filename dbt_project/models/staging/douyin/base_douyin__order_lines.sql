{{ config(materialized='table') }}

{{ typed_rows('douyin', 'order_lines') }}
