{{ typed_rows('fxiaoke', 'orders') }}
