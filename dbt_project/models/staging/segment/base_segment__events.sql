{{ config(materialized='table') }}

{{ typed_rows('segment', 'events') }}
