{#- The segments that models/marts/segments/dim_segments.yml declares, in order of their ids. Read
    from the graph, which only exists while dbt runs; while it parses there are none. -#}
{% macro declared_segments() -%}
    {%- set declared = [] -%}
    {%- if execute -%}
        {%- for segment_id, segment in
            graph.nodes['model.strata.dim_segments'].config.meta.segments | dictsort -%}
            {%- do declared.append(dict(segment, segment_id=segment_id)) -%}
        {%- endfor -%}
    {%- endif -%}
    {{ return(declared) }}
{%- endmacro %}
