{{ typed_rows('fxiaoke', 'tags') }}
