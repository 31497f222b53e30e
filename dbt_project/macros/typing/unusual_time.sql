{#- Wall clock from cleaned half-width text in the rarer forms: the serial number of a spreadsheet,
    eight or 14 digits, 年月日, or English with the name of the month. Null where it is none. -#}
{% macro unusual_time(text) -%}
    case
        when regexp_matches({{ text }}, '^[0-9]{5}([.][0-9]+)?$') then {{ serial_time(text) }}
        when regexp_matches({{ text }}, '^(19|20)[0-9]{6}([0-9]{6})?$')
            then {{ compact_time(text) }}
        when regexp_matches({{ text }}, '^(19|20)[0-9]{2}年') then {{ chinese_time(text) }}
        when regexp_matches({{ text }}, '{{ english_pattern() }}') then {{ english_time(text) }}
    end
{%- endmacro %}

{#- The time of a spreadsheet's serial number: days since the end of 1899, to the second; null
    before October 1954 and after 2099, where five digits are more likely another number. -#}
{% macro serial_time(text) -%}
    {%- set serial = "try_cast(" ~ text ~ " as decimal(38, 10))" -%}
    {%- set seconds = "cast(round(" ~ serial ~ " * 86400) as bigint)" -%}
    case
        when {{ serial }} >= 20000 and {{ serial }} < 73051
            then {{ time_after("timestamp '1899-12-30 00:00:00'", seconds) }}
    end
{%- endmacro %}

{#- The time of yyyymmdd or yyyymmddhhmmss. -#}
{% macro compact_time(text) -%}
    {%- set day = "regexp_replace(left(" ~ text
        ~ ", 8), '^([0-9]{4})([0-9]{2})([0-9]{2})$', '\\1-\\2-\\3')" -%}
    {%- set hour = "regexp_replace(substring(" ~ text
        ~ ", 9), '^([0-9]{2})([0-9]{2})([0-9]{2})$', '\\1:\\2:\\3')" -%}
    try_cast(trim({{ day }} || ' ' || {{ hour }}) as timestamp)
{%- endmacro %}

{#- The time of `2026年9月10日`, alone or with `8:05` or `8时5分` behind it. -#}
{% macro chinese_time(text) -%}
    {%- set clock = "trim(translate(" ~ text ~ ", '年月日时点分秒', '-- :::'))" -%}
    {%- set closed = "regexp_replace(" ~ clock ~ ", ':$', '')" -%}
    case
        when {{ is_clock(closed) }} then {{ clock_time(closed) }}
    end
{%- endmacro %}
