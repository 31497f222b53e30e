{{ config(materialized='table') }}

{{ typed_rows('wenjuanxing', 'answers') }}
