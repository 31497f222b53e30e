{%- set winning -%}
    partition by customer_id, attribute
            order by priority asc, stated_at desc nulls last, filled_count desc, record_key asc
{%- endset %}

with stated as (
    select * from {{ ref('int_customer_attributes_unioned') }}
),

rules as (
    select * from {{ ref('survivorship_rules') }}
),

-- What is said of one kind of record goes before what is said of all records of the system.
judged as (
    select
        stated.*,
        coalesce(own_kind.priority, any_kind.priority) as priority
    from stated
    inner join rules as any_kind
        on
            stated.attribute = any_kind.attribute
            and stated.source_system = any_kind.source_system
            and any_kind.record_kind = '*'
    left join rules as own_kind
        on
            stated.attribute = own_kind.attribute
            and stated.source_system = own_kind.source_system
            and stated.record_kind = own_kind.record_kind
),

ranked as (
    select
        *,
        {% for column in ['priority', 'stated_at', 'filled_count', 'record_key'] -%}
        lead({{ column }}) over (
            {{ winning }}
        ) as next_{{ column }},
        {% endfor -%}
        row_number() over (
            {{ winning }}
        ) as place
    from judged
),

final as (
    select
        customer_id,
        attribute,
        stated_value,
        source_system,
        record_kind,
        cast(stated_at as date) as stated_date,
        case
            when next_record_key is null then 'only'
            when priority != next_priority then 'priority'
            when (stated_at is distinct from next_stated_at) then 'recency'
            when filled_count != next_filled_count then 'completeness'
            else 'key'
        end as decided_by
    from ranked
    where place = 1
)

select * from final
