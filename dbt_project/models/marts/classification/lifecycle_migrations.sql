{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook="{{ forget_from_tonight() }}",
) }}

{{ migrations(ref('int_lifecycle_moves_judged'), 'lifecycle_stage', 'stage') }}
