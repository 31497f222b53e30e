{{ typed_rows('wecom', 'employee_activity') }}
