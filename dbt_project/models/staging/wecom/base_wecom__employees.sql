{{ typed_rows('wecom', 'employees') }}
