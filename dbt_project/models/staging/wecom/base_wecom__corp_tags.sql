{{ config(materialized='table') }}

{{ typed_rows('wecom', 'corp_tags') }}
