{#- Which rows of an amended table came tonight, for tests of what holds row by row or key by key:
    the night before has proved it of the rows that stayed, or it would not have been published.
    They stand in `tonight`, a database in memory that a night attaches (profiles.yml) and that ends
    with it. Where it is not attached, where a table was written as a whole, or where more than a
    tenth of it came, nothing is remembered, and tests ask of every row. A table whose tests were
    not all proved as they are written is dropped before dbt starts (settled.py), so that it is
    written as a whole. -#}

{#- Remember the rows of `changes` that came into `relation`. -#}
{% macro remember_rows_that_came(relation) -%}
    {{ return(adapter.dispatch('remember_rows_that_came')(relation)) }}
{%- endmacro %}

{% macro duckdb__remember_rows_that_came(relation) -%}
    {%- if run_query(are_few(relation))[0][0] -%}
        {%- set came = place_of_rows_that_came(relation) -%}
        {%- do run_query(
            'create or replace table ' ~ came
            ~ ' as select unnest(changes.told) from changes where changes.is_new'
        ) -%}
        {#- Tests look for it among the relations that dbt knows, and ask the engine nothing. -#}
        {%- do adapter.cache_added(came) -%}
    {%- endif -%}
{%- endmacro %}

{% macro default__remember_rows_that_came(relation) -%}
{%- endmacro %}

{#- Where the rows that came into `relation` stand, if they do. -#}
{% macro place_of_rows_that_came(relation) -%}
    {{ return(api.Relation.create(
        database='tonight', schema='main', identifier=relation.identifier, type='table'
    )) }}
{%- endmacro %}

{#- Whether there is a place for the rows that came into `relation`, and they are few. -#}
{% macro are_few(relation) -%}
select
    exists (select 1 from duckdb_databases() where database_name = 'tonight')
    and (select count(*) from changes where is_new)
    <= (select count(*) from {{ relation }}) / 10
{%- endmacro %}

{#- The relation of the rows that came into `relation`; none where that is not known. -#}
{% macro rows_that_came(relation) -%}
    {{ return(adapter.dispatch('rows_that_came')(relation)) }}
{%- endmacro %}

{% macro duckdb__rows_that_came(relation) -%}
    {#- A test with a `where` of its own has a query in place of a relation. -#}
    {%- set is_known = execute and relation.identifier is defined -%}
    {{ return(load_cached_relation(place_of_rows_that_came(relation)) if is_known else none) }}
{%- endmacro %}

{% macro default__rows_that_came(relation) -%}
    {{ return(none) }}
{%- endmacro %}

{#- A condition, from `where` on, that leaves of `held`, which is `relation`, the rows that share a
    key of `columns` with a row that came; nothing where that is not known. -#}
{% macro of_keys_that_came(relation, columns) -%}
    {%- set came = rows_that_came(relation) -%}
    {%- if came -%}
where
    exists (
        select 1
        from {{ came }} as came
        where
            {% for column in columns -%}
            {{ 'and ' if not loop.first }}came.{{ column }} is not distinct from held.{{ column }}
            {% endfor %}
    )
    {%- endif -%}
{%- endmacro %}
