-- What the clusters of a night depend on besides records: the rows of the rules, and their code.
with rows_of_rules as (
    select
        concat_ws(
            '|', 'kind', identifier_kind, strength, max_people, is_unique, compares_names
        ) as rule_text
    from {{ ref('identifier_kinds') }}
    union all
    select concat_ws('|', 'block', identifier_kind, pattern) as rule_text
    from {{ ref('blocked_identifiers') }}
    union all
    select '{{ identity_settings() }}' as rule_text
),

final as (
    select {{ dbt.hash(dbt.listagg('rule_text', "'\n'", 'order by rule_text')) }} as rules_key
    from rows_of_rules
)

select * from final
