with base as (
    select *
    from {{ ref('base_taobao__order_lines') }}
    where outcome = 'kept'
),

-- A line with an id of its own that is repeated exactly counts once; lines without one all count.
counted as (
    select
        *,
        row_number() over (
            partition by order_id, coalesce(line_id, cast(_row as varchar)), quantity, unit_price
            order by _row
        ) as occurrence
    from base
),

final as (
    select
        product_title as product_name,
        cast(null as varchar) as category,
        cast(null as varchar) as brand,
        quantity,
        cast(round(quantity * unit_price, 2) as decimal(18, 2)) as line_amount,
        'taobao:' || order_id as order_id,
        row_number() over (partition by order_id order by _row) as line_number,
        'taobao:' || coalesce(merchant_code, external_code, product_title, 'unknown')
            as product_id
    from counted
    where occurrence = 1
)

select * from final
