{{ intervals(
    ref('int_segment_versions_logged'),
    ['segment_id'],
    ['definition_version', 'rule_text', 'exclusions'],
) }}
