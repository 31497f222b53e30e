{{ typed_rows('wecom', 'admin_contacts', with_extra=true) }}
