{#- The time of `Oct 7, 2025 6:55 PM` or `October 7, 2025`. -#}
{% macro english_time(text) -%}
    {%- set day = "regexp_extract(" ~ text ~ ", '([0-9]{1,2}),', 1)" -%}
    {%- set year = "regexp_extract(" ~ text ~ ", ', ([0-9]{4})', 1)" -%}
    {%- set clock = "regexp_extract(" ~ text ~ ", '[0-9]{1,2}(:[0-9]{2})+', 0)" -%}
    {%- set moment = year ~ " || '-' || " ~ month_number(text) ~ " || '-' || " ~ day
        ~ " || ' ' || " ~ clock -%}
    {{ dbt.dateadd(
        'hour', half_day_hours(text, clock), 'try_cast(trim(' ~ moment ~ ') as timestamp)'
    ) | trim }}
{%- endmacro %}

{#- The name of a month, day, year, and a clock of twelve hours. -#}
{% macro english_pattern() -%}
    ^[A-Za-z]{3,9} [0-9]{1,2}, (19|20)[0-9]{2}
    {{- '( (0?[1-9]|1[0-2])(:[0-9]{2}){1,2} ?[AaPp][Mm])?$' -}}
{%- endmacro %}

{#- The number of a month from the first three letters of its name; 0 where it is no month. -#}
{% macro month_number(name) -%}
    cast(
        floor(
            (
                position(
                    lower(left({{ name }}, 3)) in 'jan feb mar apr may jun jul aug sep oct nov dec'
                ) + 3
            ) / 4
        ) as integer
    )
{%- endmacro %}

{#- The hours between a clock of twelve hours and one of 24: noon is 12 PM, midnight 12 AM. -#}
{% macro half_day_hours(text, clock) -%}
    case
        when lower({{ text }}) like '%pm' and {{ clock }} not like '12:%' then 12
        when lower({{ text }}) like '%am' and {{ clock }} like '12:%' then -12
        else 0
    end
{%- endmacro %}
