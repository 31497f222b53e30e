{{ config(materialized='view') }}

with measured as (
    select * from {{ ref('int_customer_orders_measured') }}
),

limits as (
    select * from {{ ref('band_limits') }}
),

-- Equal amounts get the same share, so they never land on two sides of a limit.
spenders as (
    select
        customer_id,
        (rank() over (order by net_amount desc) - 1) * 1.0 / count(*) over () as higher_share
    from measured
    where order_count > 0
),

observed as (
    select
        measured.customer_id,
        measured.order_count,
        spenders.higher_share,
        interactions.interaction_count
    from measured
    left join {{ ref('int_customer_interactions_measured') }} as interactions
        on measured.customer_id = interactions.customer_id
    left join spenders on measured.customer_id = spenders.customer_id
),

banded as (
    select
        observed.customer_id,
        observed.interaction_count,
        frequency.band as frequency_band,
        coalesce(spend.band, 'none') as spend_band,
        coalesce(interaction.band, 'unknown') as interaction_band
    from observed
    left join limits as frequency
        on
            frequency.band_set = 'frequency'
            and observed.order_count >= frequency.from_value
            and (observed.order_count < frequency.to_value or frequency.to_value is null)
    left join limits as spend
        on
            spend.band_set = 'spend'
            and observed.higher_share >= spend.from_value
            and (observed.higher_share < spend.to_value or spend.to_value is null)
    left join limits as interaction
        on
            interaction.band_set = 'interaction'
            and observed.interaction_count >= interaction.from_value
            and (
                observed.interaction_count < interaction.to_value
                or interaction.to_value is null
            )
),

final as (
    select
        banded.customer_id,
        banded.interaction_count,
        banded.frequency_band,
        banded.spend_band,
        banded.interaction_band,
        classes.value_class
    from banded
    left join {{ ref('value_classes') }} as classes
        on
            banded.spend_band = classes.spend_band
            and banded.interaction_band = classes.interaction_band
)

select * from final
