{{ typed_rows('sensors', 'events') }}
