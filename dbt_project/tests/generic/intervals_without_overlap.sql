{#- Fails with every interval [from, to) of a key that is empty, reaches into the next one, or is
    open although another one follows. -#}
{% test intervals_without_overlap(model, keys, valid_from, valid_to) %}
with followed as (
    select
        *,
        lead({{ valid_from }}) over (
            partition by {{ keys | join(', ') }}
            order by {{ valid_from }}
        ) as next_from
    from {{ model }}
)

select *
from followed
where
    {{ valid_from }} is null
    or {{ valid_to }} <= {{ valid_from }}
    or (next_from is not null and ({{ valid_to }} is null or {{ valid_to }} > next_from))
{% endtest %}
