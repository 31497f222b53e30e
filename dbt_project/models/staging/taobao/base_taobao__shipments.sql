{{ config(materialized='table') }}

{{ typed_rows('taobao', 'shipments') }}
