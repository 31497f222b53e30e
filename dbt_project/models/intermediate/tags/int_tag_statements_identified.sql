-- Who is meant, and which tag. A text that no synonym knows stays, without a tag, to be counted.
with statements as (
    select
        *,
        {{ row_key([
            'source_system', 'record_key', 'phone', 'email', 'record_system', 'record_id',
            'tag_group', 'tag_text', 'tagged_by', 'stated_date', 'is_definition',
        ]) }} as statement_key
    from {{ ref('int_tag_statements_unioned') }}
),

records as (
    select * from {{ ref('int_customer_records_identified') }}
),

-- An id that two customers have in one system names neither.
named as (
    select
        source_system,
        source_customer_id,
        min(customer_id) as customer_id
    from records
    where record_kind != 'device'
    group by source_system, source_customer_id
    having min(customer_id) = max(customer_id)
),

addresses as (
    select * from {{ ref('int_addresses_identified') }}
),

people as (
    select
        statements.*,
        coalesce(
            records.customer_id, named.customer_id, emails.customer_id, phones.customer_id
        ) as customer_id
    from statements
    left join records on statements.record_key = records.record_key
    left join named
        on
            statements.record_system = named.source_system
            and statements.record_id = named.source_customer_id
    left join addresses as emails
        on emails.address_kind = 'email' and statements.email = emails.address
    left join addresses as phones
        on phones.address_kind = 'phone' and statements.phone = phones.address
),

meant as (
    select
        people.*,
        synonyms.tag_id,
        row_number() over (
            partition by people.statement_key
            order by
                case when synonyms.source_system = '*' then 1 else 0 end asc,
                case when synonyms.tag_group = '*' then 1 else 0 end asc,
                synonyms.tag_id asc
        ) as closest_first
    from people
    left join {{ ref('tag_synonyms') }} as synonyms
        on
            lower({{ to_half_width('people.tag_text') }}) = synonyms.written_text
            and synonyms.source_system in (people.source_system, '*')
            and synonyms.tag_group in (coalesce(people.tag_group, '*'), '*')
),

final as (
    select
        {{ keyed_hash('statement_key') }} as statement_id,
        customer_id,
        tag_id,
        source_system,
        source,
        tag_text,
        case when tagged_by is not null then {{ keyed_hash("'staff:' || tagged_by") }} end
            as tagged_by_id,
        stated_date,
        is_definition
    from meant
    where closest_first = 1
    union all
    select
        'rule:' || {{ dbt.hash("tag_id || ':' || customer_id") }} as statement_id,
        customer_id,
        tag_id,
        'rule' as source_system,
        'rule' as source,
        cast(null as varchar) as tag_text,
        cast(null as varchar) as tagged_by_id,
        cast(null as date) as stated_date,
        false as is_definition
    from {{ ref('int_customer_tags_matched') }}
)

select * from final
