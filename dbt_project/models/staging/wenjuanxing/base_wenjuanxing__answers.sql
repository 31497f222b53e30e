{{ typed_rows('wenjuanxing', 'answers', with_extra=true) }}
