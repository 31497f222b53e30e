{{ configure_base("order_files('shopify', 'orders', 'known.order_date')") }}

{%- set files = order_files('shopify', 'orders', 'known.order_date') %}
{%- set stated_columns = [
    '_file', '_file_id', '_row', '_exported_at', '_landed_for', '_file_number', 'order_name',
    'order_number', 'email', 'phone', 'billing_name', 'city', 'province', 'country',
    'financial_status', 'accepts_marketing', 'currency', 'total_amount', 'refunded_amount',
    'created_at', 'order_date', 'cancelled_text', 'channel', 'vendor', 'quantity', 'line_name',
    'unit_price', 'sku', 'line_discount', 'raw_text', 'rejected_column', 'rejected_reason',
] %}

with dated as (
    select *
    from {{ ref('base_shopify__orders_typed') }}
    where {{ is_fresh(files) }}
),

judged as (
    select
        *,
        case
            when order_name is null then 'order_name'
            when created_at is null or order_date > as_of_date then 'created_at'
            when quantity is null then 'line_quantity'
            when unit_price is null then 'line_price'
            when line_discount is null and discount_text is not null then 'line_discount'
            when total_amount is null and total_text is not null then 'total_amount'
            when refunded_amount is null and refunded_text is not null then 'refunded_amount'
            when currency != reporting_currency and exchange_rate is null then 'currency'
        end as judged_column
    from dated
),

-- An order whose first row is rejected has no total, so its other rows say nothing.
whole as (
    select
        *,
        case
            when judged_column is not null then judged_column
            when
                max(case when judged_column is null then total_amount end)
                    over (partition by _file_id, order_name)
                is null
                then 'total_amount'
        end as rejected_column
    from judged
),

explained as (
    select
        *,
        case
            when rejected_column is null then null
            when rejected_column = 'currency' then 'no_exchange_rate'
            when rejected_column = 'created_at' and created_at is not null
                then 'after_as_of_date'
            when rejected_column = 'total_amount' and total_text is null then 'missing_value'
            when rejected_column = 'order_name' then 'missing_value'
            when rejected_column = 'created_at' then 'not_a_date'
            else 'not_a_number'
        end as rejected_reason,
        case when rejected_column is not null then row_text end as raw_text
    from whole
),

fresh as (
    select {{ stated_columns | join(', ') }} from explained
),

{{ stated_rows(files, ['order_name'], stated_columns) }},

placed as (
    select
        *,
        _file_number = first_value(_file_number) over (
            partition by order_name
            order by rejected_column is null desc, _exported_at desc, _file_number desc
        ) as is_newest
    from stated
),

final as (
    select
        {{ stated_columns | join(',\n        ') }},
        {{ staging_outcome('rejected_column', 'is_newest') }} as outcome
    from placed
)

select * from final
