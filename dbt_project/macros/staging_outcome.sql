{#- What staging does with a landed row: `rejected` where a column could not be typed, else
    `superseded` where a newer export states the same thing, else `kept`. -#}
{% macro staging_outcome(rejected_column, is_newest) -%}
    case
        when {{ rejected_column }} is not null then 'rejected'
        when {{ is_newest }} then 'kept'
        else 'superseded'
    end
{%- endmacro %}
