{{ typed_rows('jd', 'order_lines', rates=ref('stg_reference__rate_periods')) }}
