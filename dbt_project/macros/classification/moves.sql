{#- CTEs of who is in another class tonight than last night, from a change log: `night`, `known`
    (the settings of last night) and `moved` (customer_id, from_*, to_*, the latter null where the
    customer was not known before, or is not any more). -#}
{% macro moved_customers(log, classes) -%}
night as (
    select as_of_date from {{ ref('stg_strata__night') }}
),

limits_before as (
    select
        limits.*,
        max(limits.as_of_date) over () as latest_date
    from {{ ref('int_rfm_limits_logged') }} as limits
    inner join night on limits.as_of_date < night.as_of_date
),

limits_known as (
    select *
    from limits_before
    where as_of_date = latest_date
),

-- Where nothing is known of last night's rules, they are new ones.
rules_known as (
    select
        coalesce(max(rfm_rules) != '{{ rfm_rules() }}', true) as has_new_rfm_rules,
        coalesce(max(lifecycle_rules) != '{{ lifecycle_rules() }}', true)
            as has_new_lifecycle_rules
    from limits_known
),

entries as (
    select
        as_of_date,
        customer_id,
        {% for class in classes -%}
        case when is_present then {{ class }} end as to_{{ class }},
        lag(case when is_present then {{ class }} end) over (
            partition by customer_id
            order by as_of_date
        ) as from_{{ class }}{{ ',' if not loop.last }}
        {% endfor %}
    from {{ log }}
),

moved as (
    select entries.*
    from entries
    inner join night on entries.as_of_date = night.as_of_date
    where entries.from_{{ classes[0] }} is distinct from entries.to_{{ classes[0] }}
)
{%- endmacro %}

{#- The one cause of a move, by the precedence of the seed migration_causes. `change` is that of
    int_customer_changes_compared; `limits` is the condition that the limits moved. -#}
{% macro cause_of_move(from_class, to_class, change, limits) -%}
    case
        when {{ change }} = 'merge' then 'merge'
        when {{ from_class }} is null then 'new'
        when {{ to_class }} is null then 'gone'
        when {{ limits }} then 'limits'
        else coalesce({{ change }}, 'time')
    end
{%- endmacro %}

{#- The body of a published table of moves: counts by night, classes and cause. A class that is
    none, before or after, is `absent`. -#}
{% macro migrations(moves, class, published) -%}
with night as (
    select as_of_date from {{ ref('stg_strata__night') }}
),

moves as (
    select * from {{ moves }}
),

final as (
    select
        night.as_of_date,
        coalesce(moves.from_{{ class }}, 'absent') as from_{{ published }},
        coalesce(moves.to_{{ class }}, 'absent') as to_{{ published }},
        moves.cause,
        cast(count(*) as bigint) as customers,
        cast(sum(coalesce(measured.net_amount, 0)) as decimal(18, 2)) as net_amount
    from moves
    cross join night
    left join {{ ref('int_customer_orders_measured') }} as measured
        on moves.customer_id = measured.customer_id
    group by night.as_of_date, moves.from_{{ class }}, moves.to_{{ class }}, moves.cause
)

select * from final
{%- endmacro %}
