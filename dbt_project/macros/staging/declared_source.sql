{#- How one source declares its records, for typed_rows: the columns with their types, the key, the
    statement, and the columns that play a part. Landing has checked the names by then. -#}
{% macro declared_source(system, table) -%}
    {%- set node = graph.sources['source.strata.' ~ system ~ '.' ~ table] -%}
    {%- set landing = node.config.meta.landing -%}
    {%- set types = {} -%}
    {%- set required = [] -%}
    {%- for column in node.columns.values() -%}
        {%- do types.update({column.name: column.config.meta.get('type', 'text')}) -%}
        {%- do required.append(column.name) if column.config.meta.get('required') -%}
    {%- endfor -%}
    {%- set key = name_list(landing.get('key', [])) -%}
    {%- if not key -%}
        {{ exceptions.raise_compiler_error(
            system ~ '.' ~ table ~ ' is staged by typed_rows and must declare landing.key.'
        ) }}
    {%- endif -%}
    {{ return({
        'load': landing.load,
        'types': types,
        'required': required,
        'key': key,
        'statement': name_list(landing.get('statement', key)),
        'version': landing.get('version'),
        'happened': landing.get('happened'),
        'deleted': landing.get('deleted'),
        'time_zone': landing.get('time_zone'),
        'currency': landing.get('currency'),
    }) }}
{%- endmacro %}

{#- A name, or a list of names, as a list. -#}
{% macro name_list(names) -%}
    {{ return([names] if names is string else names) }}
{%- endmacro %}

{#- The types that a column may declare, each with the reason why a text is not of it. Ids, phones
    and addresses, texts and JSON are never rejected for their form. -#}
{% macro column_types() -%}
    {{ return({
        'text': none, 'json': none, 'id': none, 'phone': none, 'email': none,
        'amount': 'not_a_number', 'rate': 'not_a_number', 'integer': 'not_a_number',
        'boolean': 'not_a_boolean', 'time': 'not_a_date', 'date': 'not_a_date',
    }) }}
{%- endmacro %}

{#- What landing says of every row. -#}
{% macro lineage_columns() -%}
    {{ return([
        '_file', '_file_id', '_row', '_exported_at', '_landed_for', '_file_number', '_load',
    ]) }}
{%- endmacro %}
