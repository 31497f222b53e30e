{{ typed_rows('zoho', 'campaigns', tombstones=ref('stg_zoho__deleted_records')) }}
