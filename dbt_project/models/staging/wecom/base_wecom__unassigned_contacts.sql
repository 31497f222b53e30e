{{ typed_rows('wecom', 'unassigned_contacts') }}
