{{ typed_rows('zoho', 'tags', tombstones=ref('stg_zoho__deleted_records')) }}
