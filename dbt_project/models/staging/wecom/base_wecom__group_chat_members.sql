{{ typed_rows('wecom', 'group_chat_members') }}
