{{ typed_rows('fxiaoke', 'order_lines') }}
