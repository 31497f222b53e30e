{{ config(materialized='table') }}

{{ typed_rows('reference', 'products') }}
