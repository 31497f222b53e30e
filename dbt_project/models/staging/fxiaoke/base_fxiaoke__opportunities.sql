{{ typed_rows('fxiaoke', 'opportunities') }}
