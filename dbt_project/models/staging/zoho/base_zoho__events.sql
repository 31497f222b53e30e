{{ typed_rows('zoho', 'events', tombstones=ref('stg_zoho__deleted_records')) }}
