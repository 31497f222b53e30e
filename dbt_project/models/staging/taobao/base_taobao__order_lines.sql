{{ typed_rows('taobao', 'order_lines') }}
