{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook="{{ forget_from_tonight() }}",
) }}

{{ migrations(ref('int_rfm_moves_judged'), 'rfm_segment', 'segment') }}
