{{ config(materialized='table') }}

{{ typed_rows('youzan', 'orders') }}
