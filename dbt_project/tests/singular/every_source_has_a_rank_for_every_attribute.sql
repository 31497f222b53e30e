{{ config(meta={'dagster': {'ref': {'name': 'survivorship_rules'}}}) }}

-- Without a rank a statement would be dropped without a word.
with attributes as (
    select distinct attribute from {{ ref('survivorship_rules') }}
),

final as (
    select
        attributes.attribute,
        systems.source_system
    from attributes
    cross join {{ ref('source_systems') }} as systems
    left join {{ ref('survivorship_rules') }} as rules
        on
            attributes.attribute = rules.attribute
            and systems.source_system = rules.source_system
            and rules.record_kind = '*'
    where rules.priority is null
)

select * from final
