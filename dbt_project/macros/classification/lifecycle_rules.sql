{% macro lifecycle_method() -%}
    {{ return(one_of('lifecycle_method', ['fixed', 'own_rhythm'])) }}
{%- endmacro %}

{#- What decides a stage beside the bands, as rfm_rules() is to segments. -#}
{% macro lifecycle_rules() -%}
    {{ return([
        lifecycle_method(), var('lifecycle_new_days'), var('lifecycle_returned_days'),
        var('lifecycle_rhythm_min_orders'),
    ] | join('|')) }}
{%- endmacro %}

{#- The band of days since the last counted order; a limit belongs to the later stage. -#}
{% macro lifecycle_band(recency, silent_from, churned_from) -%}
    case
        when {{ recency }} < {{ silent_from }} then 'active'
        when {{ recency }} < {{ churned_from }} then 'silent'
        else 'churned'
    end
{%- endmacro %}

{#- The stage of a customer, from the columns of int_customer_lifecycle_staged. -#}
{% macro lifecycle_stage_of() -%}
    case
        when recency_days is null then 'first_contact'
        when first_days < {{ var('lifecycle_new_days') }} then 'new'
        when returned_days < {{ var('lifecycle_returned_days') }} then 'returned'
        else {{ lifecycle_band('recency_days', 'silent_from_days', 'churned_from_days') }}
    end
{%- endmacro %}
