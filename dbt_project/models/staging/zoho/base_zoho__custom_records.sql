{{ typed_rows(
    'zoho',
    'custom_records',
    tombstones=ref('stg_zoho__deleted_records'),
    with_extra=true
) }}
