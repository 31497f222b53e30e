{{ typed_rows('douyin', 'order_lines', rates=ref('stg_reference__rate_periods')) }}
