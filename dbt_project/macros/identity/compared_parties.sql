{#- A query over a CTE of pairs (party, other_party) and the CTE `described` (party, name_key,
    birth_date): whether any two of their names or birth dates agree, and whether some differ and
    none agree. Identifiers that are seldom shared forgive a slip in a Chinese name. A birth date
    speaks only where names cannot be compared: it is mistyped more. -#}
{% macro compared_parties(pairs, level) -%}
{%- set names_differ = names_differ('one.name_key', 'other.name_key') -%}
{%- set names_slip = names_slip('one.name_key', 'other.name_key') -%}
{%- set agrees = 'coalesce(not ' ~ names_differ ~ ', one.birth_date = other.birth_date, false)' -%}
{%- set differ = names_differ if level >= var('identity_slip_strength')
    else '(' ~ names_differ ~ ' and not ' ~ names_slip ~ ')' -%}
{%- set differs = 'coalesce(' ~ differ ~ ', one.birth_date != other.birth_date, false)' -%}
    select
        pairs.party,
        pairs.other_party,
        bool_or({{ agrees }}) as agrees,
        bool_or({{ differs }}) and not bool_or({{ agrees }}) as differs
    from {{ pairs }} as pairs
    inner join described as one on pairs.party = one.party
    inner join described as other on pairs.other_party = other.party
    group by pairs.party, pairs.other_party
{%- endmacro %}

{#- The CTE `described`: names and birth dates of the parties of a level, one row per record that
    states any. -#}
{% macro described_parties(level) -%}
described as (
    select distinct
        parties.party,
        records.name_key,
        records.birth_date
    from {{ ref('int_records_scoped') }} as records
    inner join {{ ref('int_parties_linked_' ~ level) }} as parties
        on records.record_key = parties.record_key
    where records.name_key is not null or records.birth_date is not null
)
{%- endmacro %}
