{#- Whether the file of a row is the newest one that states its record, good rows first. Where every
    record stands for itself this is settled by its occurrence, so every file is current. A full
    dump may come in several files, which state their records together. -#}
{% macro is_current(declared) -%}
    {%- if declared.statement == declared.key -%}
    true
    {%- else -%}
    {%- set newest_first -%}
        over (
            partition by {{ place_columns(declared.statement, 'explained') }}
            order by
                explained.rejected_column is null desc,
                explained._exported_at desc,
                explained._file_number desc
        )
    {%- endset -%}
    explained._file_number = first_value(explained._file_number) {{ newest_first }}
        or (
            coalesce(explained._load, '{{ declared.load }}') = 'full'
            and explained._exported_at = first_value(explained._exported_at) {{ newest_first }}
        )
    {%- endif -%}
{%- endmacro %}

{#- The how manieth row of its key a row is, the one that counts first. It ends in the lineage, so
    that no two rows are alike. -#}
{% macro occurrence(declared) -%}
    row_number() over (
            partition by
                {{ place_columns(declared.key, 'placed') }}
                {{- ', placed.is_current_row' if declared.statement != declared.key }}
            order by
                placed.rejected_column is null desc,
                placed._exported_at desc,
                {% if declared.version -%}
                placed.{{ declared.version }}__typed desc nulls last,
                {% endif -%}
                placed._file_number desc,
                placed._file_id asc,
                placed._row asc
        )
{%- endmacro %}

{#- Typed columns of a relation, by their declared names. -#}
{% macro place_columns(columns, relation) -%}
    {%- for column in columns -%}
    {{ relation }}.{{ column if column.startswith('_') else column ~ '__typed' }}
    {{- ', ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}

{#- A CTE of the records that a list of deletions ends, each once and as deleted last. -#}
{% macro ended_records(tombstones) -%}
ended as (
    select
        record_id,
        max(deleted_at) as deleted_at
    from {{ tombstones }}
    group by record_id
)
{%- endmacro %}

{#- Whether a row says that its record is no longer there, or a list of deletions says so of the
    record as this row has it; a record that was changed after it was deleted is back. -#}
{% macro is_deleted(declared, tombstones) -%}
    {%- set versioned = declared.version and declared.types[declared.version] == 'time' -%}
    {{- 'coalesce(explained.' ~ declared.deleted ~ '__typed, false)' if declared.deleted }}
    {{- ' or ' if declared.deleted and tombstones is not none }}
    {%- if tombstones is not none -%}
    coalesce(
            ended.deleted_at >= {% if versioned -%}
            coalesce(explained.{{ declared.version }}__typed, explained._exported_at)
            {%- else -%}
            explained._exported_at
            {%- endif %},
            false
        )
    {%- endif -%}
    {{- 'false' if not declared.deleted and tombstones is none }}
{%- endmacro %}
