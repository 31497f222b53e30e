{{ typed_rows('zoho', 'emails', tombstones=ref('stg_zoho__deleted_records')) }}
