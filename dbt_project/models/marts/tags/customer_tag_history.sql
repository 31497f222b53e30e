{{ intervals(ref('int_customer_tags_logged'), ['customer_id', 'tag_id'], []) }}
