{{ config(materialized='table') }}

{{ typed_rows('wecom', 'contact_ids') }}
