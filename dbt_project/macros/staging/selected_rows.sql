{#- Two CTEs: `dumps`, the time of the newest full export, and `selected`, what it and later exports
    say of `source`. A full export states everything, so nothing older says anything more. Rows that
    landed before landing wrote `_load` are of the declared load. -#}
{% macro selected_rows(load) -%}
dumps as (
    select max(_exported_at) as newest_exported_at
    from source
    where coalesce(_load, '{{ load }}') = 'full'
),

selected as (
    select source.*
    from source
    cross join dumps
    where
        dumps.newest_exported_at is null
        or source._exported_at >= dumps.newest_exported_at
)
{%- endmacro %}
