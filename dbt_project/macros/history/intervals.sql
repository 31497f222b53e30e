{#- Half-open intervals [valid_from, valid_to) from a change log; valid_to is null while open. -#}
{% macro intervals(log, keys, attributes) -%}
with entries as (
    select
        {{ (keys + attributes) | join(',\n        ') }},
        is_present,
        as_of_date as valid_from,
        lead(as_of_date) over (
            partition by {{ keys | join(', ') }}
            order by as_of_date
        ) as valid_to
    from {{ log }}
),

final as (
    select
        {{ (keys + attributes) | join(',\n        ') }},
        valid_from,
        valid_to
    from entries
    where is_present
)

select * from final
{%- endmacro %}
