-- The texts that nobody can place stay private: staff write names into tags, too. They stand in
-- int_tag_statements_identified, where tag_id is null.
with night as (
    select * from {{ ref('stg_strata__night') }}
),

customers as (
    select count(*) as customers
    from {{ ref('int_customers_folded') }}
),

statements as (
    select
        coalesce(tag_id, 'unmapped') as tag_id,
        count(*) filter (where not is_definition) as statements,
        count(*) filter (where not is_definition and customer_id is null) as unnamed_statements,
        count(distinct lower(tag_text)) as texts
    from {{ ref('int_tag_statements_identified') }}
    group by coalesce(tag_id, 'unmapped')
),

held as (
    select
        folded.tag_id,
        count(*) filter (where folded.place_in_group = 1) as customers,
        count(*) filter (where folded.place_in_group > 1) as conflicts,
        count(*) filter (
            where folded.place_in_group = 1
            and {{ days_between('folded.tagged_date', 'night.as_of_date') }}
            >= {{ var('tag_stale_days') }}
        ) as stale_customers,
        max(folded.tagged_date) filter (where folded.place_in_group = 1) as newest_tagged_date
    from {{ ref('int_customer_tags_folded') }} as folded
    cross join night
    group by folded.tag_id
),

listed as (
    select
        tag_id,
        status
    from {{ ref('tags') }}
    union all
    select
        'unmapped' as tag_id,
        'unmapped' as status
    from night
),

final as (
    select
        listed.tag_id,
        listed.status,
        held.newest_tagged_date,
        cast(
            coalesce(held.customers, 0) * 1.0 / nullif(customers.customers, 0) as decimal(5, 4)
        ) as coverage_share,
        coalesce(held.customers, 0) as customers,
        coalesce(held.stale_customers, 0) as stale_customers,
        coalesce(held.conflicts, 0) as conflicts,
        coalesce(statements.statements, 0) as statements,
        coalesce(statements.unnamed_statements, 0) as unnamed_statements,
        coalesce(statements.texts, 0) as texts
    from listed
    cross join customers
    left join held on listed.tag_id = held.tag_id
    left join statements on listed.tag_id = statements.tag_id
)

select * from final
