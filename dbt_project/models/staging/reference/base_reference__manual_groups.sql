{{ typed_rows('reference', 'manual_groups') }}
