{#- Fails with every value of a key that occurs more than once, and with rows that have none. -#}
{% test primary_key(model, column_name) %}
select
    {{ column_name }},
    count(*) as occurrences
from (select * from {{ model }}) as held
{{ of_keys_that_came(model, [column_name]) }}
group by {{ column_name }}
having count(*) > 1 or {{ column_name }} is null
{% endtest %}
