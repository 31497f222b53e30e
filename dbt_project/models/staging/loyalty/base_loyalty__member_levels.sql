{{ config(materialized='table') }}

{{ typed_rows('loyalty', 'member_levels') }}
