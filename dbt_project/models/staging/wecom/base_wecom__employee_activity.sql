{{ config(materialized='table') }}

{{ typed_rows('wecom', 'employee_activity') }}
