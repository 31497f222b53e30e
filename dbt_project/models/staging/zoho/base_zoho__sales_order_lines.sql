{{ typed_rows('zoho', 'sales_order_lines', tombstones=ref('stg_zoho__deleted_records')) }}
