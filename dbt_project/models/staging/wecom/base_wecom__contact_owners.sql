{{ typed_rows('wecom', 'contact_owners') }}
