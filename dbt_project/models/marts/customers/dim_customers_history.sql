{{ intervals(ref('int_customers_logged'), ['customer_id'], tracked_attributes()) }}
