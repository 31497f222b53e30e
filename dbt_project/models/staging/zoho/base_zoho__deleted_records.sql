{{ config(materialized='table') }}

{{ typed_rows('zoho', 'deleted_records') }}
