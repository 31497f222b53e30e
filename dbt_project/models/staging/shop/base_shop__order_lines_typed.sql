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
        upper({{ to_text('source.currency') }}) as currency,
        {{ to_text('source.status') }} as order_status,
        {{ to_text('source.phone') }} as phone_text,
        {{ to_text('source.email') }} as email_text,
        {{ to_text('source.customer_name') }} as customer_name,
        {{ raw_record([
            'source.order_id', 'source.line_id', 'source.customer_id', 'source.ordered_at',
            'source.product_id', 'source.product_name', 'source.quantity', 'source.unit_price',
            'source.order_amount', 'source.currency',
        ]) }} as row_text,
        source._file,
        source._file_id,
        source._row,
        source._exported_at,
        source._landed_for,
        source._file_number
    from source
),

rates as (
    select * from {{ ref('stg_reference__rate_periods') }}
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

final as (
    select
        typed.*,
        rates.exchange_rate
    from typed
    left join rates
        on
            {{ rate_holds('typed.currency', 'cast(typed.ordered_local_at as date)') }}
)

select * from final
