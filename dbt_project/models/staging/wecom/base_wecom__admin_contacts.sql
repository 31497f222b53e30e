{{ typed_rows('wecom', 'admin_contacts') }}
