{{ typed_rows('zoho', 'contacts', tombstones=ref('stg_zoho__deleted_records')) }}
