{#- Fails with every key that has two different values in `column`; blanks do not count. -#}
{% test one_value_per_key(model, column, keys) %}
select
    {{ keys | join(',\n    ') }},
    min({{ column }}) as one_value,
    max({{ column }}) as other_value
from {{ model }}
where {{ column }} is not null
group by {{ keys | join(', ') }}
having min({{ column }}) != max({{ column }})
{% endtest %}
