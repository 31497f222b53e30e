{{ typed_rows('loyalty', 'points_ledger') }}
