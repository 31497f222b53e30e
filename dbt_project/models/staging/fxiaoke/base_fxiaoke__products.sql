{{ typed_rows('fxiaoke', 'products') }}
