{#- Wall-clock timestamp in a named zone of a UTC timestamp; neither carries a zone. -#}
{% macro utc_to_local(utc_time, zone) -%}
    {{ return(adapter.dispatch('utc_to_local')(utc_time, zone)) }}
{%- endmacro %}

{% macro duckdb__utc_to_local(utc_time, zone) -%}
    timezone({{ zone }}, timezone('UTC', {{ utc_time }}))
{%- endmacro %}
