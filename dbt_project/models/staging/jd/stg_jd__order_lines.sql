with base as (
    select *
    from {{ ref('base_jd__order_lines') }}
    where outcome = 'kept'
),

-- JD's own id of the goods names the line: repeated exactly, it counts once.
counted as (
    select
        *,
        row_number() over (
            partition by
                order_id, coalesce(product_code, cast(_row as varchar)), quantity, unit_price
            order by _row
        ) as occurrence
    from base
),

final as (
    select
        product_name,
        cast(null as varchar) as category,
        cast(null as varchar) as brand,
        quantity,
        cast(round(quantity * unit_price, 2) as decimal(18, 2)) as line_amount,
        'jd:' || order_id as order_id,
        row_number() over (partition by order_id order by _row) as line_number,
        'jd:' || coalesce(product_code, merchant_code, product_name, 'unknown') as product_id
    from counted
    where occurrence = 1
)

select * from final
