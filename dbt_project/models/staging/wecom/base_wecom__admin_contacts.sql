{{ config(materialized='table') }}

{{ typed_rows('wecom', 'admin_contacts') }}
