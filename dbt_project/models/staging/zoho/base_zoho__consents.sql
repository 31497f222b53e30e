{{ typed_rows('zoho', 'consents', tombstones=ref('stg_zoho__deleted_records')) }}
