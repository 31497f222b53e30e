{#- UTC from cleaned half-width text: wall clock in a zone, a moment with an offset, or a count
    since 1970. Null where the text is not a moment between 1900 and 2099. Wall clock that a change
    to summer time skips is moved on by the hour that is skipped; one that comes twice is the later
    moment. -#}
{% macro to_time(text, zone) -%}
    case
        when {{ is_clock(text) }} then {{ local_to_utc(clock_time(text), zone) }}
        when {{ is_epoch(text) }} then {{ epoch_time(text) }}
        when {{ has_offset(text) }}
            then {{ dbt.dateadd(
                'minute', '-1 * ' ~ offset_minutes(text), clock_time(without_offset(text))
            ) | trim }}
        when {{ has_utc_mark(text) }} then {{ clock_time(without_offset(text)) }}
        else {{ local_to_utc(unusual_time(text), zone) }}
    end
{%- endmacro %}

{#- A date from cleaned half-width text: the day as written, or that of a count in a zone. -#}
{% macro to_date(text, zone) -%}
    case
        when {{ is_clock(text) }} then cast({{ clock_time(text) }} as date)
        when {{ is_epoch(text) }} then cast({{ utc_to_local(epoch_time(text), zone) }} as date)
        when {{ has_offset(text) }} or {{ has_utc_mark(text) }}
            then cast({{ clock_time(without_offset(text)) }} as date)
        else cast({{ unusual_time(text) }} as date)
    end
{%- endmacro %}
