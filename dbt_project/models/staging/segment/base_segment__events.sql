{{ typed_rows('segment', 'events') }}
