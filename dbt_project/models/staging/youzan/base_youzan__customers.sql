{{ typed_rows('youzan', 'customers') }}
