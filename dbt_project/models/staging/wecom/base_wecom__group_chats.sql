{{ config(materialized='table') }}

{{ typed_rows('wecom', 'group_chats') }}
