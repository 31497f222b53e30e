{{ typed_rows('ga4', 'events') }}
