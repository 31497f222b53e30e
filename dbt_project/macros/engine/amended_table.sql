{#- A table is amended where most of its rows are those of the night before: what differs is
    deleted and inserted, everything else stays as it was written. Compressing and writing a row
    costs some times what comparing it does. A model says so by `is_amended` in its meta; it is for
    models whose key is tested, because equal rows are told apart by nothing.
    What is amended stands in the night's copy; a table that followed other rules was dropped there
    before dbt started (building.py). -#}

{#- Whether `relation` can be amended by what `query` says. -#}
{% macro can_be_amended(relation, query) -%}
    {%- set is_meant = config.get('meta', {}).get('is_amended', false) -%}
    {%- if not is_meant or should_full_refresh() or relation is none or not relation.is_table -%}
        {{ return(false) }}
    {%- endif -%}
    {{ return(run_query(is_amendable(relation, query))[0][0]) }}
{%- endmacro %}

{#- Find the rows in which `relation` and `query` differ; return whether these can be written. -#}
{% macro find_changes(relation, query) -%}
    {%- do run_query(row_changes(relation, query)) -%}
    {{ return(run_query(are_told_apart(relation))[0][0]) }}
{%- endmacro %}
