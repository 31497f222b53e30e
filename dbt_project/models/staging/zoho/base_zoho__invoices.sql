{{ typed_rows('zoho', 'invoices', tombstones=ref('stg_zoho__deleted_records')) }}
