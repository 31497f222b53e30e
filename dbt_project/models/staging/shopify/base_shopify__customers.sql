{{ config(materialized='table') }}

{{ typed_rows('shopify', 'customers') }}
