{{ typed_rows('typeform', 'responses', with_extra=true) }}
