{#- Columns of `fresh` by which rows are placed: what was typed, under its declared name, and the
    lineage. -#}
{% macro typed_columns(declared) -%}
    {%- for column, type in declared.types.items() -%}
        {{ column }}__typed as {{ column }},
        {% if type in ('phone', 'email') -%}
        {{ column }}__state as {{ column }}_state,
        {% endif -%}
    {%- endfor -%}
    {{ kept_lineage(declared) | join(',\n        ') }}
{%- endmacro %}

{#- Names of the lineage columns of a base model, and of its cells that no column declares. -#}
{% macro kept_lineage(declared) -%}
    {{ return(lineage_columns() + (['_extra'] if declared.with_extra else [])) }}
{%- endmacro %}

{#- Names of the columns of a base model, but for the outcome: typed columns under their declared
    names, lineage, and why staging rejected the row. -#}
{% macro staged_columns(declared) -%}
    {%- set names = [] -%}
    {%- for column, type in declared.types.items() -%}
        {%- do names.append(column) -%}
        {%- do names.append(column ~ '_state') if type in ('phone', 'email') -%}
    {%- endfor -%}
    {%- set judged = ['raw_text', 'rejected_column', 'rejected_reason'] -%}
    {{ return(names + kept_lineage(declared) + judged) }}
{%- endmacro %}

{#- What staging did with a row. A record that is stated once more in the file that states it is
    repeated; one that is stated by another file is superseded. -#}
{% macro row_outcome(declared) -%}
    case
            when rejected_column is not null then 'rejected'
            when not is_current_row then 'superseded'
            when occurrence > 1
                then '{{ 'superseded' if declared.statement == declared.key else 'repeated' }}'
            when is_deleted_row then 'deleted'
            else 'kept'
        end
{%- endmacro %}
