{#- Fails with every combination of `columns` that occurs more than once, or has a null in it, and
    with those of which a row has a null in `required`. -#}
{% test unique_together(model, columns, required=[]) %}
select
    {{ columns | join(',\n    ') }},
    count(*) as occurrences
from (select * from {{ model }}) as held
{{ of_keys_that_came(model, columns) }}
group by {{ columns | join(', ') }}
having
    count(*) > 1
    {% for column in columns -%}
    or {{ column }} is null
    {% endfor -%}
    {% for column in required -%}
    or count({{ column }}) < count(*)
    {% endfor %}
{% endtest %}
