{{ typed_rows('zoho', 'sales_orders', tombstones=ref('stg_zoho__deleted_records')) }}
