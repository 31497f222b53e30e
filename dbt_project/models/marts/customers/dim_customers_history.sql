{{ intervals(
    ref('int_customers_logged'),
    ['customer_id'],
    [
        'customer_type', 'gender', 'age_band', 'province', 'city', 'is_member',
        'contactable_email',
    ],
) }}
