{{ config(pre_hook="{{ remember_blocked() }}") }}

-- Only what two records or more hold can link anybody. Whether a value is blocked, or held by so
-- many that it is nobody's, is said before people are told apart.
with held as (
    select
        identifier_kind,
        identifier_value,
        count(*) as records
    from {{ ref('int_customer_identifiers_unioned') }}
    group by identifier_kind, identifier_value
    having count(*) > 1
),

suspected as (
    select
        identifier_kind,
        identifier_value
    from held
    where {{ may_be_blocked('identifier_value') }}
),

blocked as (
    select
        suspected.identifier_kind,
        suspected.identifier_value,
        min(blocks.reason) as reason
    from suspected
    inner join {{ ref('blocked_identifiers') }} as blocks
        on
            (suspected.identifier_kind = blocks.identifier_kind or blocks.identifier_kind = '*')
            and regexp_matches(suspected.identifier_value, '^(' || blocks.pattern || ')$')
    group by suspected.identifier_kind, suspected.identifier_value
),

final as (
    select
        held.identifier_kind,
        held.identifier_value,
        held.records,
        blocked.reason as blocked_reason,
        case
            when blocked.reason is not null then 'blocked'
            when held.records > {{ var('identifier_max_records') }} then 'switchboard'
        end as guard
    from held
    left join blocked
        on
            held.identifier_kind = blocked.identifier_kind
            and held.identifier_value = blocked.identifier_value
)

select * from final
