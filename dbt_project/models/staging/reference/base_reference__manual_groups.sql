{{ config(materialized='table') }}

{{ typed_rows('reference', 'manual_groups') }}
