{#- The body of a change log: what is new, changed or gone tonight against the latest entry of
    each key. Rows: as_of_date, the keys, is_present, the attributes (as of tonight, null where
    the key is gone). Materialize incrementally with the pre-hook forget_from_tonight(). -#}
{% macro change_log(relation, keys, attributes) -%}
with night as (
    select night.as_of_date
    from {{ ref('stg_strata__night') }} as night
),

tonight as (
    select
        {{ (keys + attributes) | join(',\n        ') }}
    from {{ relation }}
),

{% if is_incremental() -%}
ranked as (
    select
        log.*,
        row_number() over (
            partition by {% for key in keys %}log.{{ key }}{{ ', ' if not loop.last }}{% endfor %}
            order by log.as_of_date desc
        ) as newest_first
    from {{ this }} as log
    inner join night on log.as_of_date < night.as_of_date
),

known as (
    select *
    from ranked
    where newest_first = 1 and is_present
),
{%- else -%}
known as (
    select
        {{ (keys + attributes) | join(',\n        ') }},
        true as is_present
    from tonight
    where 1 = 0
),
{%- endif %}

compared as (
    select
        {% for key in keys -%}
        coalesce(tonight.{{ key }}, known.{{ key }}) as {{ key }},
        {% endfor -%}
        tonight.{{ keys[0] }} is not null as is_present,
        {% for attribute in attributes -%}
        tonight.{{ attribute }},
        {% endfor -%}
        (
            tonight.{{ keys[0] }} is distinct from known.{{ keys[0] }}
            {% for attribute in attributes -%}
            or tonight.{{ attribute }} is distinct from known.{{ attribute }}
            {% endfor -%}
        ) as is_changed
    from tonight
    full outer join known
        on
            {% for key in keys -%}
            {{ 'and ' if not loop.first }}tonight.{{ key }} = known.{{ key }}
            {% endfor %}
),

final as (
    select
        night.as_of_date,
        {% for key in keys -%}
        compared.{{ key }},
        {% endfor -%}
        compared.is_present{{ ',' if attributes }}
        {% for attribute in attributes -%}
        compared.{{ attribute }}{{ ',' if not loop.last }}
        {% endfor %}
    from compared
    cross join night
    where compared.is_changed
)

select * from final
{%- endmacro %}
