{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook="{{ forget_from_tonight() }}",
) }}

{{ change_log(
    ref('int_segments_declared'),
    ['segment_id'],
    ['definition_version', 'rule_text', 'exclusions'],
) }}
