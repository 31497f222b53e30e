{{ typed_rows('campaigns', 'sends') }}
