with base as (
    select
        *,
        {{ row_key(['phone', 'full_name', 'nickname', 'became_customer_at']) }} as customer_key
    from {{ ref('base_youzan__customers') }}
    where outcome = 'kept'
),

genders as (
    select * from {{ ref('gender_labels') }}
),

counted as (
    select
        *,
        row_number() over (
            partition by customer_key
            order by _exported_at desc, _file_number desc, _row asc
        ) as occurrence
    from base
),

final as (
    select
        counted.customer_key,
        counted.full_name,
        counted.nickname,
        counted.phone,
        counted.birth_date,
        counted.city,
        counted.tags,
        counted.is_member,
        counted.growth_points,
        counted.free_level,
        counted.paid_level,
        counted.points_balance,
        counted.stored_value_amount,
        counted.order_count,
        counted.spent_amount,
        counted.refunded_amount,
        counted.last_ordered_at,
        counted.is_wecom_friend,
        counted.source_channel,
        counted.source_method,
        counted.became_customer_at,
        counted.became_member_at,
        counted._exported_at as exported_at,
        coalesce(genders.gender, 'unknown') as gender
    from counted
    left join genders on lower(counted.gender_label) = genders.label
    where counted.occurrence = 1
)

select * from final
