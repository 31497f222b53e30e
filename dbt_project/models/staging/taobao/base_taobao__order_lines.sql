{{ config(materialized='table') }}

{{ typed_rows('taobao', 'order_lines') }}
