with source as (
    select * from {{ source('shopify', 'orders') }}
),

night as (
    select * from {{ source('strata', 'night') }}
),

cleaned as (
    select
        {{ to_text('source.order_name') }} as order_name,
        {{ to_text('source.order_number') }} as order_number,
        {{ to_text('source.email') }} as email_text,
        coalesce(
            {{ to_text('source.phone') }},
            {{ to_text('source.shipping_phone') }},
            {{ to_text('source.billing_phone') }}
        ) as phone_text,
        {{ to_text('source.billing_name') }} as billing_name,
        {{ to_text('source.shipping_city') }} as city,
        {{ to_text('source.shipping_province') }} as province,
        {{ to_text('source.shipping_country') }} as country,
        {{ to_text('source.financial_status') }} as financial_status,
        {{ to_text('source.accepts_marketing') }} as marketing_text,
        upper({{ to_text('source.currency') }}) as currency,
        {{ to_text('source.total_amount') }} as total_text,
        {{ to_text('source.refunded_amount') }} as refunded_text,
        {{ to_text('source.created_at') }} as created_text,
        {{ to_text('source.cancelled_at') }} as cancelled_text,
        {{ to_text('source.channel') }} as channel,
        {{ to_text('source.vendor') }} as vendor,
        {{ to_text('source.line_quantity') }} as quantity_text,
        {{ to_text('source.line_name') }} as line_name,
        {{ to_text('source.line_price') }} as price_text,
        {{ to_text('source.line_sku') }} as sku,
        {{ to_text('source.line_discount') }} as discount_text,
        {{ raw_record([
            'source.order_name', 'source.order_number', 'source.email',
            'source.financial_status', 'source.currency', 'source.total_amount',
            'source.refunded_amount', 'source.created_at', 'source.cancelled_at',
            'source.line_quantity', 'source.line_name', 'source.line_price', 'source.line_sku',
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
        {{ to_email('cleaned.email_text') }} as email,
        {{ to_phone('cleaned.phone_text') }} as phone,
        {{ to_boolean('cleaned.marketing_text') }} as accepts_marketing,
        {{ to_amount('cleaned.total_text') }} as total_amount,
        {{ to_amount('cleaned.refunded_text') }} as refunded_amount,
        {{ to_utc('cleaned.created_text') }} as created_at,
        {{ to_amount('cleaned.quantity_text') }} as quantity,
        {{ to_amount('cleaned.price_text') }} as unit_price,
        {{ to_amount('cleaned.discount_text') }} as line_discount,
        night.as_of_date,
        night.business_timezone,
        night.reporting_currency
    from cleaned
    cross join night
),

dated as (
    select
        *,
        cast({{ utc_to_local('created_at', 'business_timezone') }} as date) as order_date
    from typed
),

final as (
    select
        dated.*,
        rates.exchange_rate
    from dated
    left join rates
        on
            {{ rate_holds('dated.currency', 'dated.order_date') }}
)

select * from final
