with base as (
    select *
    from {{ ref('base_youzan__orders') }}
    where outcome = 'kept'
),

final as (
    select
        product_names as product_name,
        1 as line_number,
        cast(null as varchar) as category,
        cast(null as varchar) as brand,
        -- 商品种类数 counts kinds: how many pieces were bought the export does not say.
        cast(null as decimal(18, 4)) as quantity,
        cast(coalesce(goods_amount, receivable_amount, paid_amount) as decimal(18, 2))
            as line_amount,
        'youzan:' || order_id as order_id,
        'youzan:' || coalesce(product_names, 'unknown') as product_id
    from base
)

select * from final
