{{ config(materialized='table') }}

{{ typed_rows('wecom', 'employees') }}
