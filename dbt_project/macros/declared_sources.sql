{#- The source tables that declare how they land, in order of their names. Read from the graph,
    which only exists while dbt runs; while it parses there are none. -#}
{% macro declared_sources() -%}
    {%- set declared = [] -%}
    {%- if execute -%}
        {%- for source in graph.sources.values() | sort(attribute='unique_id') -%}
            {%- set landing = source.config.meta.get('landing') -%}
            {%- if landing -%}
                {%- do declared.append({
                    'system': source.source_name,
                    'table': source.name,
                    'load': landing.load,
                    'arrival': landing.arrival,
                }) -%}
            {%- endif -%}
        {%- endfor -%}
    {%- endif -%}
    {{ return(declared) }}
{%- endmacro %}
