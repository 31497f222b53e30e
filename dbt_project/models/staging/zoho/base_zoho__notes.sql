{{ typed_rows('zoho', 'notes', tombstones=ref('stg_zoho__deleted_records')) }}
