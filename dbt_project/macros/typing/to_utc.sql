{#- UTC from text that ends in an offset, like `2022-01-11 04:32:31 -0500`; null without one. -#}
{% macro to_utc(text) -%}
    case
        when regexp_matches({{ text }}, '[+-][0-9]{2}:?[0-9]{2}$')
            then {{ dbt.dateadd(
                'minute',
                offset_minutes(text) ~ ' * -1',
                to_local_time(text)
            ) }}
    end
{%- endmacro %}

{#- Minutes east of UTC from the offset at the end of a text. -#}
{% macro offset_minutes(text) -%}
    {%- set digits = "right(replace(" ~ text ~ ", ':', ''), 5)" -%}
    (
        cast(substring({{ digits }}, 2, 2) as integer) * 60
        + cast(substring({{ digits }}, 4, 2) as integer)
    ) * case when {{ digits }} like '-%' then -1 else 1 end
{%- endmacro %}
