{#- Tables and views of DuckDB, replaced by one statement. The adapter's own way builds beside what
    is there, renames both and drops the old one, so that readers of a live file see no gap; nobody
    reads a night while it is built, and those statements cost a third of its time. Grants, indexes
    and stored comments, which the adapter would look after, have no place in such a file. -#}
{% materialization table, adapter='duckdb', supported_languages=['sql'] -%}
    {%- set is_kept = can_be_amended(load_cached_relation(this), compiled_code) -%}
    {%- if is_kept and find_changes(this, compiled_code) -%}
        {%- do remember_rows_that_came(this) -%}
        {{ return(replaced_in_place('table', written_changes(this))) }}
    {%- endif -%}
    {{ return(replaced_in_place('table', created_table(this, compiled_code))) }}
{%- endmaterialization %}

{#- Columns of a view with a contract are held against it before it is replaced. -#}
{% materialization view, adapter='duckdb' -%}
    {%- if config.get('contract').enforced -%}
        {{ get_assert_columns_equivalent(sql) }}
    {%- endif -%}
    {{ return(replaced_in_place('view', 'create or replace view ' ~ this ~ ' as (' ~ sql ~ ')')) }}
{%- endmaterialization %}

{% macro replaced_in_place(kind, statement_text) -%}
    {%- set existing = load_cached_relation(this) -%}
    {{ run_hooks(pre_hooks, inside_transaction=False) }}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}
    {%- if existing is not none and existing.type != kind -%}
        {{ drop_relation_if_exists(existing) }}
    {%- endif -%}
    {%- call statement('main') -%}
        {{ statement_text }}
    {%- endcall -%}
    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {{ adapter.commit() }}
    {{ run_hooks(post_hooks, inside_transaction=False) }}
    {{ return({'relations': [this.incorporate(type=kind)]}) }}
{%- endmacro %}

{#- Of a model with a contract, columns come first and rows after, so that types and constraints are
    those that were declared. -#}
{% macro created_table(relation, query) -%}
    {%- if config.get('contract').enforced -%}
        {{ get_assert_columns_equivalent(query) }}
        create or replace table {{ relation }} {{ get_table_columns_and_constraints() }};
        insert into {{ relation }} {{ get_column_names() }} (
            {{ get_select_subquery(query) }}
        )
    {%- else -%}
        create or replace table {{ relation }} as (
            {{ query }}
        )
    {%- endif -%}
{%- endmacro %}
