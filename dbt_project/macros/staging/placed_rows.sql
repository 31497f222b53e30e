{#- Whether the file of a row is the newest one that states its record, good rows first. Where every
    record stands for itself this is settled by its occurrence, so every file is current. A full
    dump may come in several files, which state their records together. -#}
{% macro is_current(declared) -%}
    {%- if declared.statement == declared.key -%}
    true
    {%- else -%}
    {%- set newest_first -%}
        over (
            partition by {{ place_columns(declared.statement, 'stated') }}
            order by
                stated.rejected_column is null desc,
                stated._exported_at desc,
                stated._file_number desc
        )
    {%- endset -%}
    stated._file_number = first_value(stated._file_number) {{ newest_first }}
        or (
            coalesce(stated._load, '{{ declared.load }}') = 'full'
            and stated._exported_at = first_value(stated._exported_at) {{ newest_first }}
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
                placed.{{ declared.version }} desc nulls last,
                {% endif -%}
                placed._file_number desc,
                placed._file_id asc,
                placed._row asc
        )
{%- endmacro %}

{#- Columns of a relation. -#}
{% macro place_columns(columns, relation) -%}
    {%- for column in columns -%}
    {{ relation }}.{{ column }}
    {{- ', ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}

{#- Columns that two rows share whenever one has a say in the place of the other: the statement,
    which a key names as well. None where a key does not, for there rows may meet by either. -#}
{% macro keys_in_common(declared) -%}
    {%- set missing = [] -%}
    {%- for column in declared.statement if column not in declared.key -%}
        {%- do missing.append(column) -%}
    {%- endfor -%}
    {{ return([] if missing else declared.statement) }}
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
    {{- 'coalesce(stated.' ~ declared.deleted ~ ', false)' if declared.deleted }}
    {{- ' or ' if declared.deleted and tombstones is not none }}
    {%- if tombstones is not none -%}
    coalesce(
            ended.deleted_at >= {% if versioned -%}
            coalesce(stated.{{ declared.version }}, stated._exported_at)
            {%- else -%}
            stated._exported_at
            {%- endif %},
            false
        )
    {%- endif -%}
    {{- 'false' if not declared.deleted and tombstones is none }}
{%- endmacro %}
