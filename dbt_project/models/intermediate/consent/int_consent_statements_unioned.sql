with night as (
    select * from {{ ref('stg_strata__night') }}
),

newest_states as (
    select
        record_key,
        statement,
        is_stated,
        is_present,
        as_of_date,
        row_number() over (
            partition by record_key, statement
            order by as_of_date desc
        ) as newest_first
    from {{ ref('int_consent_states_logged') }}
),

-- A state without a date counts from the night that first saw it: a yes from the beginning of that
-- day, a no to its end. Exporting it again is not saying it again.
states as (
    select
        newest.record_key,
        newest.statement,
        newest.is_stated,
        case
            when meanings.state = 'granted'
                then cast(newest.as_of_date as timestamp)
            else {{ dbt.dateadd(
                'second', -1, dbt.dateadd('day', 1, 'cast(newest.as_of_date as timestamp)')
            ) }}
        end as stated_local_at,
        split_part(split_part(newest.record_key, ':', 1), '.', 1) as source_system
    from newest_states as newest
    inner join {{ ref('consent_statements') }} as meanings
        on newest.statement = meanings.statement and newest.is_stated = meanings.is_stated
    where newest.newest_first = 1 and newest.is_present
),

checkouts as (
    select
        accepts_marketing as is_stated,
        'shopify:' || coalesce(email, phone) as record_key,
        max(created_at) as stated_at
    from {{ ref('stg_shopify__orders') }}
    where coalesce(email, phone) is not null and accepts_marketing is not null
    group by coalesce(email, phone), accepts_marketing
),

final as (
    select
        record_key,
        statement,
        is_stated,
        stated_at,
        last_date,
        source_system
    from {{ ref('int_address_consents_unioned') }}
    union all
    select
        record_key,
        statement,
        is_stated,
        stated_at,
        last_date,
        'zoho' as source_system
    from {{ ref('int_zoho_consents_unioned') }}
    where record_key is not null
    union all
    select
        states.record_key,
        states.statement,
        states.is_stated,
        {{ local_to_utc('states.stated_local_at', 'night.business_timezone') }} as stated_at,
        cast(null as date) as last_date,
        states.source_system
    from states
    cross join night
    union all
    select
        record_key,
        'shopify_order_marketing' as statement,
        is_stated,
        stated_at,
        cast(null as date) as last_date,
        'shopify' as source_system
    from checkouts
    union all
    select
        record_key,
        'wecom_relation' as statement,
        is_friend as is_stated,
        stated_at,
        cast(null as date) as last_date,
        'wecom' as source_system
    from {{ ref('int_wecom_relations_judged') }}
)

select * from final
