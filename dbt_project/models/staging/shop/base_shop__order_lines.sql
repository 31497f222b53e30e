{{ configure_base("order_files('shop', 'order_lines', 'cast(known.ordered_local_at as date)')") }}

{%- set files = order_files('shop', 'order_lines', 'cast(known.ordered_local_at as date)') %}
{%- set stated_columns = [
    '_file', '_file_id', '_row', '_exported_at', '_landed_for', '_file_number', 'order_id',
    'line_id', 'customer_id', 'ordered_local_at', 'product_id', 'product_name', 'category',
    'brand', 'quantity', 'unit_price', 'order_amount', 'currency', 'order_status', 'phone',
    'email', 'customer_name', 'business_timezone', 'reporting_currency', 'raw_text',
    'rejected_column',
] %}

with typed as (
    select *
    from {{ ref('base_shop__order_lines_typed') }}
    where {{ is_fresh(files) }}
),

judged as (
    select
        typed.*,
        case
            when typed.order_id is null then 'order_id'
            when typed.product_id is null then 'product_id'
            when typed.ordered_local_at is null then 'ordered_at'
            when cast(typed.ordered_local_at as date) > typed.as_of_date then 'ordered_at'
            when typed.quantity is null then 'quantity'
            when typed.unit_price is null then 'unit_price'
            when typed.order_amount is null and typed.order_amount_text is not null
                then 'order_amount'
            when typed.currency != typed.reporting_currency and typed.exchange_rate is null
                then 'currency'
        end as rejected_column
    from typed
),

told as (
    select
        *,
        case when rejected_column is not null then row_text end as raw_text
    from judged
),

fresh as (
    select {{ stated_columns | join(', ') }} from told
),

{{ stated_rows(files, ['order_id'], stated_columns) }},

placed as (
    select
        stated.*,
        stated._file_number = first_value(stated._file_number) over (
            partition by stated.order_id
            order by
                stated.rejected_column is null desc,
                stated._exported_at desc,
                stated._file_number desc
        ) as is_newest,
        case
            when stated.line_id is not null
                then row_number() over (
                    partition by
                        stated._file_id, stated.order_id, stated.line_id, stated.product_id,
                        stated.quantity, stated.unit_price, stated.order_amount,
                        stated.rejected_column
                    order by stated._row
                )
            else 1
        end as line_occurrence
    from stated
),

final as (
    select
        {{ stated_columns | join(',\n        ') }},
        case
            when rejected_column is null and is_newest and line_occurrence > 1 then 'repeated'
            else {{ staging_outcome('rejected_column', 'is_newest') }}
        end as outcome,
        case
            when rejected_column is null then null
            when rejected_column = 'currency' then 'no_exchange_rate'
            when rejected_column = 'ordered_at' and ordered_local_at is not null
                then 'after_as_of_date'
            when rejected_column in ('order_id', 'product_id') then 'missing_value'
            when rejected_column = 'ordered_at' then 'not_a_date'
            else 'not_a_number'
        end as rejected_reason
    from placed
)

select * from final
