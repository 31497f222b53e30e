{{ typed_rows('fxiaoke', 'payments') }}
