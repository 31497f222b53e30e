{{ typed_rows('youzan', 'orders', rates=ref('stg_reference__rate_periods')) }}
