{#- Whether a text counts the time since 1970: ten digits are seconds, 13 are milliseconds and 16
    microseconds, so that none of them can be a date or a serial number. -#}
{% macro is_epoch(text) -%}
    regexp_matches({{ text }}, '^([0-9]{10}|[0-9]{13}|[0-9]{16})$')
{%- endmacro %}

{#- UTC of such a count; null after 2099. -#}
{% macro epoch_time(text) -%}
    {%- set seconds = "try_cast(left(" ~ text ~ ", 10) as bigint)" -%}
    {%- set micros = "try_cast(substring(rpad(" ~ text ~ ", 16, '0'), 11) as bigint)" -%}
    case
        when {{ seconds }} < 4102444800
            then {{ dbt.dateadd(
                'microsecond', micros, time_after("timestamp '1970-01-01 00:00:00'", seconds)
            ) | trim }}
    end
{%- endmacro %}

{#- A timestamp some seconds after another one. Days come apart from seconds, which may be too many
    for one interval. -#}
{% macro time_after(start, seconds) -%}
    {%- set midnight = dbt.dateadd('day', 'floor(' ~ seconds ~ ' / 86400)', start) | trim -%}
    {{- dbt.dateadd('second', seconds ~ ' % 86400', midnight) | trim -}}
{%- endmacro %}
