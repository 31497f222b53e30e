{#- How a table becomes what a query says by writing the rows that differ, as text. Models that are
    amended (amended_table.sql) and what is published (orchestration/amending.py) share it. -#}

{#- Whether `relation` has the columns of `query`, and is mostly of rows that count. Deleted rows
    keep their places, one for every two rows at most, until a table is written as a whole; every
    reader passes over them. -#}
{% macro is_amendable(relation, query) -%}
select
    coalesce(max(rowid) + 1, 0) <= count(*) * 1.5
    and (select list((column_name, column_type)) from (describe from {{ relation }}))
    = (select list((column_name, column_type)) from (describe from ({{ query }})))
from {{ relation }}
{%- endmacro %}

{#- The rows in which `relation` and `query` differ, as the table `changes` of this session. -#}
{% macro row_changes(relation, query) -%}
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
{%- endmacro %}

{#- Whether every row of `relation` met one row at most: the same row twice cannot be amended. -#}
{% macro are_told_apart(relation) -%}
select
    coalesce(sum(rows_counted) filter (where not is_new), 0)
    = (select count(*) from {{ relation }})
from changes
{%- endmacro %}

{#- Statements that write the changes into `relation`. -#}
{% macro written_changes(relation) -%}
delete from {{ relation }}
where rowid in (select changes.gone_place from changes where changes.is_gone);
insert into {{ relation }}
select unnest(changes.told)
from changes, range(changes.rows_counted)
where changes.is_new;
drop table changes
{%- endmacro %}
