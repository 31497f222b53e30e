{{ typed_rows('reference', 'exchange_rates') }}
