{{ config(materialized='table') }}

{{ typed_rows('youzan', 'customers') }}
