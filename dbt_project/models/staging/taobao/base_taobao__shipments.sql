{{ typed_rows('taobao', 'shipments') }}
