{{ typed_rows('zoho', 'products', tombstones=ref('stg_zoho__deleted_records')) }}
