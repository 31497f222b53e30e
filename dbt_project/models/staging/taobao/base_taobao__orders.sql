{{ typed_rows('taobao', 'orders', rates=ref('stg_reference__rate_periods')) }}
