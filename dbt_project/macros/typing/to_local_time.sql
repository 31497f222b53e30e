{#- A wall-clock timestamp from cleaned text, with - or / between the parts of the date; null
    where the text is not a moment of the calendar. An offset at the end is left out. -#}
{% macro to_local_time(text) -%}
    case
        when regexp_matches({{ text }}, '^[0-9]{4}[-/][0-9]{1,2}[-/][0-9]{1,2}')
            then try_cast(
                regexp_replace(
                    replace({{ text }}, '/', '-'), ' *([+-][0-9]{2}:?[0-9]{2}|Z)$', ''
                ) as timestamp
            )
    end
{%- endmacro %}
