{#- A CTE: the landed cells, and beside them their cleaned text as `<column>__text`. What a machine
    wrote for machines is read in half width; JSON stays as it is. -#}
{% macro cleaned_rows(declared) -%}
cleaned as (
    select
        *{% for column, type in declared.types.items() if type != 'json' %},
        {% if type == 'text' -%}
        {{ to_text(column) | trim }} as {{ column }}__text
        {%- else -%}
        {{ to_text(to_half_width(column)) | trim }} as {{ column }}__text
        {%- endif -%}
        {%- endfor %}
    from selected
)
{%- endmacro %}

{#- The value of one column by its declared type, as `<column>__typed`. -#}
{% macro typed_column(column, declared) -%}
    {%- set type = declared.types[column] -%}
    {%- set text = 'cleaned.' ~ column ~ '__text' -%}
    {%- set zone = "'" ~ declared.time_zone ~ "'" if declared.time_zone
        else 'night.business_timezone' -%}
    {%- if type == 'text' -%} {{ text }}
    {%- elif type == 'json' -%} cleaned.{{ column }}
    {%- elif type == 'id' -%} {{ to_id(text) }}
    {%- elif type == 'phone' -%} {{ to_phone(text) }}
    {%- elif type == 'email' -%} {{ to_email(text) }}
    {%- elif type == 'amount' -%} {{ to_amount(text) }}
    {%- elif type == 'rate' -%} {{ to_rate(text) }}
    {%- elif type == 'integer' -%} {{ to_integer(text) }}
    {%- elif type == 'boolean' -%} {{ to_boolean(text) }}
    {%- elif type == 'time' -%} {{ to_time(text, zone) }}
    {%- elif type == 'date' -%} {{ to_date(text, zone) }}
    {%- endif %} as {{ column }}__typed
    {%- if type == 'phone' %},
        {{ to_phone_state(text) | trim }} as {{ column }}__state
    {%- elif type == 'email' %},
        {{ to_email_state(text) | trim }} as {{ column }}__state
    {%- endif -%}
{%- endmacro %}
