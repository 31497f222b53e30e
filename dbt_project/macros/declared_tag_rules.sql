{#- The rules that models/marts/tags/dim_tags.yml declares, as [tag_id, rule] in order of their ids.
    Read from the graph, which only exists while dbt runs; while it parses there are none. -#}
{% macro declared_tag_rules() -%}
    {{ return(
        graph.nodes['model.strata.dim_tags'].config.meta.rules | dictsort if execute else []
    ) }}
{%- endmacro %}
