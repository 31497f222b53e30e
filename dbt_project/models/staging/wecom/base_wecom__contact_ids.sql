{{ typed_rows('wecom', 'contact_ids') }}
