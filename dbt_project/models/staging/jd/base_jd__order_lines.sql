{{ config(materialized='table') }}

{{ typed_rows('jd', 'order_lines') }}
