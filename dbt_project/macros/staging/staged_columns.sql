{#- What a base model shows of each row: typed columns under their declared names, lineage, and what
    staging did with the row and why. -#}
{% macro staged_columns(declared) -%}
    {%- for column, type in declared.types.items() -%}
        {{ column }}__typed as {{ column }},
        {% if type in ('phone', 'email') -%}
        {{ column }}__state as {{ column }}_state,
        {% endif -%}
    {%- endfor -%}
    {%- for column in lineage_columns() -%}
        {{ column }},
        {% endfor -%}
        raw_text,
        rejected_column,
        rejected_reason,
        {{ row_outcome(declared) | trim }} as outcome
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
