{#- Whether a text is year, month and day with - or /, alone or with a time of day. -#}
{% macro is_clock(text) -%}
    regexp_matches({{ text }}, '^{{ day_pattern() }}([ T]+{{ hour_pattern() }})?$')
{%- endmacro %}

{#- Whether such a text has a time of day and ends in an offset, like +08:00 or -0500. -#}
{% macro has_offset(text) -%}
    regexp_matches(
        {{ text }}, '^{{ day_pattern() }}[ T]+{{ hour_pattern() }} *{{ offset_pattern() }}$'
    )
{%- endmacro %}

{#- Whether such a text has a time of day and says that it is UTC. -#}
{% macro has_utc_mark(text) -%}
    regexp_matches({{ text }}, '^{{ day_pattern() }}[ T]+{{ hour_pattern() }} *(Z|UTC)$')
{%- endmacro %}

{#- The timestamp of year, month, day and perhaps time of day; null where the calendar has no such
    day. -#}
{% macro clock_time(text) -%}
    try_cast(replace({{ text }}, '/', '-') as timestamp)
{%- endmacro %}

{#- Such a text without the offset or the mark that ends it. -#}
{% macro without_offset(text) -%}
    regexp_replace({{ text }}, ' *({{ offset_pattern() }}|Z|UTC)$', '')
{%- endmacro %}

{#- Patterns: year, month and day; hour, minute and perhaps second; hours and minutes east. -#}
{% macro day_pattern() -%}
    (19|20)[0-9]{2}[-/][0-9]{1,2}[-/][0-9]{1,2}
{%- endmacro %}

{% macro hour_pattern() -%}
    ([01]?[0-9]|2[0-3]):[0-9]{1,2}(:[0-9]{1,2}([.][0-9]{1,9})?)?
{%- endmacro %}

{% macro offset_pattern() -%}
    [+-](0[0-9]|1[0-4]):?[0-5][0-9]
{%- endmacro %}
