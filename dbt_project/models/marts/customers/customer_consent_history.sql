{{ intervals(
    ref('int_customer_consents_logged'),
    ['customer_id', 'channel', 'purpose'],
    ['state', 'stated_date', 'source_system', 'decided_by'],
) }}
