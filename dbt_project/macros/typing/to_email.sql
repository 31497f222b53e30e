{#- A lower-case address from cleaned text; null where it is no address or is masked. -#}
{% macro to_email(text) -%}
    case
        when
            regexp_matches(
                lower({{ text }}),
                '^[^@\s*,;:<>()"，；•]+@([^@\s*,;:<>()"，；•.]+[.])+[^@\s*,;:<>()"，；•.]{2,}$'
            )
            and not {{ is_masked(text) }}
            then lower({{ text }})
    end
{%- endmacro %}

{#- Why there is an address or none: usable, missing, masked or not_an_email. -#}
{% macro to_email_state(text) -%}
    case
        when {{ text }} is null then 'missing'
        when {{ to_email(text) }} is not null then 'usable'
        when {{ is_masked(text) }} then 'masked'
        else 'not_an_email'
    end
{%- endmacro %}
