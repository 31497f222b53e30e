{{ config(materialized='table') }}

{{ typed_rows('wecom', 'contacts') }}
