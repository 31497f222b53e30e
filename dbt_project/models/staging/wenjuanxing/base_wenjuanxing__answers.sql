{{ typed_rows('wenjuanxing', 'answers') }}
