{{ config(materialized='table') }}

{{ typed_rows('typeform', 'responses') }}
