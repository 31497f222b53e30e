{#- The vars that clusters depend on, as one text. -#}
{% macro identity_settings() -%}
    {%- for name in [
        'identity_rules_version', 'identity_rounds', 'identity_weak_strength',
        'identity_slip_letters', 'identity_slip_strength', 'identity_compared_parties',
        'identifier_max_records',
    ] -%}
        {{ name }}={{ var(name) }};
    {%- endfor -%}
{%- endmacro %}
