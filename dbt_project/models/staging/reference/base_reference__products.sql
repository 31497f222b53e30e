{{ typed_rows('reference', 'products') }}
