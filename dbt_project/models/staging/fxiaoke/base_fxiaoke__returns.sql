{{ typed_rows('fxiaoke', 'returns') }}
