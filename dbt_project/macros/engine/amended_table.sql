{#- A table is amended where most of its rows are those of the night before: what differs is
    deleted and inserted, everything else stays as it was written. Compressing and writing a row
    costs some times what comparing it does. A model says so by `is_amended` in its meta; it is for
    models whose key is tested, because equal rows are told apart by nothing.
    What is amended stands in the night's copy; a table that followed other rules was dropped there
    before dbt started (building.py). What is published is amended as well (amending.py). -#}

{#- How many places of deleted rows a table may have for each row of it. They are only given back
    where a table is written as a whole, and every reader passes over them. -#}
{% macro deleted_share_limit() -%}
    {{ return(0.5) }}
{%- endmacro %}

{#- Whether `relation` can be amended by what `query` says. -#}
{% macro can_be_amended(relation, query) -%}
    {%- set is_meant = config.get('meta', {}).get('is_amended', false) -%}
    {%- if not is_meant or should_full_refresh() or relation is none or not relation.is_table -%}
        {{ return(false) }}
    {%- endif -%}
    {%- set counts = run_query('select count(*), coalesce(max(rowid) + 1, 0) from ' ~ relation) -%}
    {%- set is_dense = counts[0][1] <= counts[0][0] * (1 + deleted_share_limit()) -%}
    {{ return(is_dense and described_columns(relation) == described_columns('(' ~ query ~ ')')) }}
{%- endmacro %}

{#- Names and types of the columns of a relation or a query in parentheses, in order. -#}
{% macro described_columns(told) -%}
    {%- set described = 'select column_name, column_type from (describe from ' ~ told ~ ')' -%}
    {{ return(run_query(described).rows | map('list') | list) }}
{%- endmacro %}

{#- Find the rows in which `relation` and `query` differ, in a table of this session. Returns
    whether every row of `relation` met one row at most: the same row twice is not amended. -#}
{% macro find_changes(relation, query) -%}
    {%- call statement('changes') -%}
create or replace temp table changes as
with tonight as (
    select
        told,
        hash(told) as row_hash
    from ({{ query }}) as told
),

known as (
    select
        told.rowid as place,
        hash(told) as row_hash
    from {{ relation }} as told
),

compared as (
    select
        case when known.place is null then tonight.told end as told,
        case when tonight.row_hash is null then known.place end as gone_place,
        known.place is null as is_new,
        tonight.row_hash is null as is_gone
    from tonight
    full join known on tonight.row_hash = known.row_hash
)

-- Rows that met are one group, so that only what differs is kept.
select
    *,
    count(*) as rows_counted
from compared
group by all
    {%- endcall -%}
    {%- set met -%}
select
    coalesce(sum(rows_counted) filter (where not is_new), 0)
    = (select count(*) from {{ relation }})
from changes
    {%- endset -%}
    {{ return(run_query(met)[0][0]) }}
{%- endmacro %}

{#- Statements that make `relation` what the query of `find_changes` said. -#}
{% macro amended_table(relation) -%}
delete from {{ relation }}
where rowid in (select changes.gone_place from changes where changes.is_gone);
insert into {{ relation }}
select unnest(changes.told)
from changes, range(changes.rows_counted)
where changes.is_new;
drop table changes
{%- endmacro %}
