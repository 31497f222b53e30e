{#- Fails with every key that has two different values in `column`; blanks do not count. -#}
{% test one_value_per_key(model, column, keys) %}
select
    {{ keys | join(',\n    ') }},
    count(distinct {{ column }}) as different_values
from {{ model }}
where {{ column }} is not null
group by {{ keys | join(', ') }}
having count(distinct {{ column }}) > 1
{% endtest %}
