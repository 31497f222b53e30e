{{ typed_rows('fxiaoke', 'customers') }}
