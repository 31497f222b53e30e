{{ typed_rows('zoho', 'tasks', tombstones=ref('stg_zoho__deleted_records')) }}
