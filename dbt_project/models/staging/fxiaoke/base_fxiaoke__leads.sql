{{ typed_rows('fxiaoke', 'leads') }}
