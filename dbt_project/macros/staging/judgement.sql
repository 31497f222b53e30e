{#- The first column of a row that cannot be used and the reason, parted by a space; null where the
    row is good. First what identifies the record, then each column in the declared order, then
    whether the record has happened yet. -#}
{% macro judgement(declared) -%}
    case
        {% for column in demanded_columns(declared) -%}
        when {{ is_missing(column, declared) }} then '{{ column }} missing_value'
        {% endfor -%}
        {% if not demanded_columns(declared) -%}
        when {{ is_whole_key_missing(declared) | trim }}
            then '{{ declared.key[0] }} missing_value'
        {% endif -%}
        {% for column, type in declared.types.items() -%}
        {% if type == 'id' -%}
        when {{ is_damaged_by_excel('typed.' ~ column ~ '__typed') | trim }}
            then '{{ column }} damaged_by_excel'
        {% elif column_types()[type] -%}
        when typed.{{ column }}__typed is null and typed.{{ column }}__text is not null
            then '{{ column }} {{ column_types()[type] }}'
        {% endif -%}
        {% endfor -%}
        {% if declared.happened -%}
        when {{ happened_date(declared) | trim }} > night.as_of_date
            then '{{ declared.happened }} after_as_of_date'
        {% endif -%}
        {% if declared.currency -%}
        when
            {{ stated_currency(declared) | trim }} != night.reporting_currency
            and rates.exchange_rate is null
            then 'currency no_exchange_rate'
        {% endif -%}
    end
{%- endmacro %}

{#- The columns without which a row says nothing: those of key, statement and time that every file
    has to have. A part of a key that a file may lack may be empty as well. -#}
{% macro demanded_columns(declared) -%}
    {%- set demanded = [] -%}
    {%- set parts = declared.key + declared.statement + name_list(declared.happened or []) -%}
    {%- for column in parts | unique if column in declared.required -%}
        {%- do demanded.append(column) -%}
    {%- endfor -%}
    {{ return(demanded) }}
{%- endmacro %}

{#- Whether such a column is empty; one that is there and cannot be typed has its own reason. -#}
{% macro is_missing(column, declared) -%}
    {%- set type = declared.types[column] -%}
    typed.{{ column }}{{ '__text' if column_types()[type] else '__typed' }} is null
{%- endmacro %}

{#- Whether no part of a key that may be empty in part is there. Where a row stands in its file is
    always known, so a key that ends in it is never empty. -#}
{% macro is_whole_key_missing(declared) -%}
    {%- set missing = [] -%}
    {%- for column in declared.key -%}
        {%- do missing.append(
            is_missing(column, declared) if column in declared.types else 'false'
        ) -%}
    {%- endfor -%}
    {{ missing | join(' and ') }}
{%- endmacro %}

{#- The business date on which a record happened; `relation` is `typed`, or `known`, the model. -#}
{% macro happened_date(declared, relation='typed') -%}
    {%- set moment = of_record(declared.happened, relation) | trim -%}
    {%- if declared.types[declared.happened] == 'date' -%}
        {{ moment }}
    {%- else -%}
        cast({{ utc_to_local(moment, 'night.business_timezone') }} as date)
    {%- endif -%}
{%- endmacro %}

{#- The currency of a record: that of a declared column, or the one that every record of a source
    is in. -#}
{% macro stated_currency(declared, relation='typed') -%}
    {%- if declared.currency in declared.types -%}
        upper({{ of_record(declared.currency, relation) | trim }})
    {%- else -%}
        '{{ declared.currency }}'
    {%- endif -%}
{%- endmacro %}

{#- A typed column of a record, in `typed` or in `known`. -#}
{% macro of_record(column, relation) -%}
    {{ relation }}.{{ column }}{{ '__typed' if relation == 'typed' }}
{%- endmacro %}

{#- The join of the rate into the reporting currency at which a record counts. -#}
{% macro rate_of_record(declared) -%}
    left join rates
        on
            {{ rate_holds(stated_currency(declared) | trim, happened_date(declared) | trim) }}
{%- endmacro %}
