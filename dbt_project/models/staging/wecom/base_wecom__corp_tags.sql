{{ typed_rows('wecom', 'corp_tags') }}
