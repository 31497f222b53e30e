{{ config(materialized='table') }}

with source as (
    select * from {{ source('shop', 'order_lines') }}
),

night as (
    select * from {{ source('strata', 'night') }}
),

cleaned as (
    select
        {{ to_text('source.order_id') }} as order_id,
        {{ to_text('source.line_id') }} as line_id,
        {{ to_text('source.customer_id') }} as customer_id,
        {{ to_text('source.ordered_at') }} as ordered_text,
        {{ to_text('source.product_id') }} as product_id,
        {{ to_text('source.product_name') }} as product_name,
        {{ to_text('source.category') }} as category,
        {{ to_text('source.brand') }} as brand,
        {{ to_text('source.quantity') }} as quantity_text,
        {{ to_text('source.unit_price') }} as price_text,
        {{ to_text('source.order_amount') }} as order_amount_text,
        {{ to_text('source.currency') }} as currency,
        {{ to_text('source.status') }} as order_status,
        {{ to_text('source.phone') }} as phone_text,
        {{ to_text('source.email') }} as email_text,
        {{ raw_record([
            'source.order_id', 'source.line_id', 'source.customer_id', 'source.ordered_at',
            'source.product_id', 'source.product_name', 'source.quantity', 'source.unit_price',
            'source.order_amount', 'source.currency',
        ]) }} as raw_text,
        source._file,
        source._file_id,
        source._row,
        source._exported_at,
        source._landed_for,
        source._file_number
    from source
),

typed as (
    select
        cleaned.*,
        {{ to_local_time('cleaned.ordered_text') }} as ordered_local_at,
        {{ to_amount('cleaned.quantity_text') }} as quantity,
        {{ to_amount('cleaned.price_text') }} as unit_price,
        {{ to_amount('cleaned.order_amount_text') }} as order_amount,
        {{ to_phone('cleaned.phone_text') }} as phone,
        {{ to_email('cleaned.email_text') }} as email,
        night.as_of_date,
        night.business_timezone,
        night.reporting_currency
    from cleaned
    cross join night
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
            when coalesce(typed.currency, typed.reporting_currency) != typed.reporting_currency
                then 'currency'
        end as rejected_column
    from typed
),

placed as (
    select
        judged.*,
        judged._file_number = first_value(judged._file_number) over (
            partition by judged.order_id
            order by judged._exported_at desc, judged._file_number desc
        ) as is_newest,
        case
            when judged.line_id is not null
                then row_number() over (
                    partition by
                        judged._file_id, judged.order_id, judged.line_id, judged.product_id,
                        judged.quantity, judged.unit_price
                    order by judged._row
                )
            else 1
        end as line_occurrence
    from judged
),

final as (
    select
        *,
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
