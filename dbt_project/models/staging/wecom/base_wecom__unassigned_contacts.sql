{{ config(materialized='table') }}

{{ typed_rows('wecom', 'unassigned_contacts') }}
