{{ config(materialized='table') }}

{{ typed_rows('fxiaoke', 'contacts') }}
