with base as (
    select *
    from {{ ref('base_douyin__order_lines') }}
    where outcome = 'kept'
),

final as (
    select
        product_name,
        cast(null as varchar) as category,
        cast(null as varchar) as brand,
        quantity,
        cast(
            coalesce(
                goods_amount,
                due_amount
                + coalesce(platform_discount, 0)
                + coalesce(merchant_discount, 0)
                + coalesce(creator_discount, 0)
            ) as decimal(18, 2)
        ) as line_amount,
        'douyin:' || order_id as order_id,
        row_number() over (partition by order_id order by _row) as line_number,
        'douyin:' || coalesce(merchant_code, item_code, product_name, 'unknown') as product_id
    from base
)

select * from final
