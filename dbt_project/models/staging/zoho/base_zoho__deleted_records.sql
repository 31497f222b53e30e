{{ typed_rows('zoho', 'deleted_records') }}
