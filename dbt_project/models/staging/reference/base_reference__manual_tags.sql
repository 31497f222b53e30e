{{ typed_rows('reference', 'manual_tags') }}
