{{ typed_rows('fxiaoke', 'activities') }}
