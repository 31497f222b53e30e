{{ typed_rows('zoho', 'calls', tombstones=ref('stg_zoho__deleted_records')) }}
