{{ typed_rows('wecom', 'message_results') }}
