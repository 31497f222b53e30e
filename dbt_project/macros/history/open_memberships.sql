{#- The CTE `known` for int_segment_members_logged: who was a member before tonight, and since when.
    Entries and exits of a membership take turns, so one that was entered more often than it was
    left is open. -#}
{% macro open_memberships() -%}
known as (
    {% if is_incremental() -%}
    select
        log.segment_id,
        log.customer_id,
        max(log.entered_date) as entered_date
    from {{ this }} as log
    inner join night on log.as_of_date < night.as_of_date
    group by log.segment_id, log.customer_id
    having sum(case when log.is_present then 1 else -1 end) > 0
    {%- else -%}
    select
        segment_id,
        customer_id,
        cast(null as date) as entered_date
    from tonight
    where 1 = 0
    {%- endif %}
)
{%- endmacro %}
