{#- HMAC-SHA256 (RFC 2104) of a text with the installation's key, as 64 hexadecimal digits. The
    padded key is a variable of the session: it is stored in no table. -#}
{% macro keyed_hash(text) -%}
    {{ return(adapter.dispatch('keyed_hash')(text)) }}
{%- endmacro %}

{% macro duckdb__keyed_hash(text) -%}
    sha256(
        getvariable('strata_outer_pad')
        || unhex(sha256(getvariable('strata_inner_pad') || encode({{ text }})))
    )
{%- endmacro %}
