{{ typed_rows('wecom', 'group_chats') }}
