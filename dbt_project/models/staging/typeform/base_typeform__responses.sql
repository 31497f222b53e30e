{{ typed_rows('typeform', 'responses') }}
