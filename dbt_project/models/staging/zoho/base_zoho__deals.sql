{{ typed_rows('zoho', 'deals', tombstones=ref('stg_zoho__deleted_records')) }}
