{{ config(meta={'dagster': {'ref': {'name': 'rfm_migrations'}}}) }}

-- On every night, and for every class: who came in less who went out, over all causes, is how the
-- class grew by its history.
{%- set published = {
    'segment': ('rfm_migrations', 'customer_rfm_history', 'rfm_segment'),
    'stage': ('lifecycle_migrations', 'customer_lifecycle_history', 'lifecycle_stage'),
} %}
with changes as (
    {% for name, (migrations, history, class) in published.items() -%}
    select
        '{{ migrations }}' as migrations,
        as_of_date,
        to_{{ name }} as class_name,
        customers as counted,
        0 as in_history
    from {{ ref(migrations) }}
    union all
    select
        '{{ migrations }}' as migrations,
        as_of_date,
        from_{{ name }} as class_name,
        -customers as counted,
        0 as in_history
    from {{ ref(migrations) }}
    union all
    select
        '{{ migrations }}' as migrations,
        valid_from as as_of_date,
        {{ class }} as class_name,
        0 as counted,
        1 as in_history
    from {{ ref(history) }}
    union all
    select
        '{{ migrations }}' as migrations,
        valid_to as as_of_date,
        {{ class }} as class_name,
        0 as counted,
        -1 as in_history
    from {{ ref(history) }}
    where valid_to is not null
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

-- A history may be older than the migrations.
started as (
    select
        migrations,
        min(as_of_date) as first_date
    from changes
    where counted != 0
    group by migrations
),

final as (
    select
        changes.migrations,
        changes.as_of_date,
        changes.class_name,
        sum(changes.counted) as counted,
        sum(changes.in_history) as in_history
    from changes
    inner join started
        on
            changes.migrations = started.migrations
            and changes.as_of_date >= started.first_date
    where changes.class_name != 'absent'
    group by changes.migrations, changes.as_of_date, changes.class_name
    having sum(changes.counted) != sum(changes.in_history)
)

select * from final
