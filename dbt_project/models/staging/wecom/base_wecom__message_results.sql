{{ config(materialized='table') }}

{{ typed_rows('wecom', 'message_results') }}
