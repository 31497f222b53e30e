{{ typed_rows('shopify', 'customers') }}
