{{ typed_rows('zoho', 'leads', tombstones=ref('stg_zoho__deleted_records')) }}
