{{ typed_rows('zoho', 'accounts', tombstones=ref('stg_zoho__deleted_records')) }}
