{#- Fails with every half-open band [lower, upper) of a set that does not start where the one below
    it ends. The first band of a set starts at 0; an open end may only stand last. -#}
{% test bands_without_gap(model, lower, upper, set=none) %}
{%- set partition = 'partition by ' ~ set if set else '' %}
with ordered as (
    select
        *,
        lag({{ upper }}) over ({{ partition }} order by {{ lower }}) as below_upper,
        row_number() over ({{ partition }} order by {{ lower }}) as band_number,
        lead({{ lower }}) over ({{ partition }} order by {{ lower }}) as next_lower
    from {{ model }}
)

select *
from ordered
where
    (band_number = 1 and {{ lower }} != 0)
    or (band_number > 1 and {{ lower }} is distinct from below_upper)
    or ({{ upper }} is null and next_lower is not null)
    or {{ lower }} >= {{ upper }}
{% endtest %}
