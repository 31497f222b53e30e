{#- The body of a base model: every landed row of a declared source that still counts, typed as the
    declaration says, with what staging did with it. Columns: the declared ones (and `_state` of
    phones and addresses), the lineage, raw_text of rejected rows, rejected_column,
    rejected_reason, and outcome: kept, superseded, repeated, deleted or rejected.
    `rates`: the relation of exchange rates, where the declaration names a currency.
    `tombstones`: a relation of record_id and deleted_at (UTC) that ends records of this source.
    `with_extra`: whether the cells that no column declares are kept, as `_extra`; they take much
    room and few read them. -#}
{% macro typed_rows(system, table, tombstones=none, rates=none, with_extra=false) -%}
{{ configure_base("declared_files('" ~ system ~ "', '" ~ table ~ "')") }}
{#- Named here, and not only below, because dbt looks for dependencies while there is no graph. -#}
{%- set landed = source(system, table) -%}
{%- set night = source('strata', 'night') -%}
{%- if execute -%}
{%- set declared = dict(declared_source(system, table), with_extra=with_extra) -%}
{%- set files = declared_files(system, table) -%}
with night as (
    select * from {{ night }}
),

source as (
    select * from {{ landed }} where {{ is_fresh(files) }}
),

{% if declared.currency -%}
rates as (
    select * from {{ rates }}
),

{% endif -%}

{{ selected_rows(declared.load) }},

{{ cleaned_rows(declared) }},

typed as (
    select
        cleaned.*{% for column in declared.types %},
        {{ typed_column(column, declared) | trim }}
        {%- endfor %}
    from cleaned
    cross join night
),

judged as (
    select
        typed.*,
        {{ judgement(declared) | trim }} as judgement
    from typed
    cross join night
    {%- if declared.currency %}
    {{ rate_of_record(declared) | trim }}
    {%- endif %}
),

fresh as (
    select
        {{ typed_columns(declared) | trim }},
        case
            when judgement is not null
                then {{ raw_record(declared.types | list) | trim }}
        end as raw_text,
        split_part(judgement, ' ', 1) as rejected_column,
        split_part(judgement, ' ', 2) as rejected_reason
    from judged
),

{% if tombstones is not none -%}
{{ ended_records(tombstones) }},

{% endif -%}
{{ stated_rows(
    files,
    keys_in_common(declared),
    staged_columns(declared),
    declared.key[0] if tombstones is not none
) }},

placed as (
    select
        stated.*,
        {{ is_deleted(declared, tombstones) | trim }} as is_deleted_row,
        {{ is_current(declared) | trim }} as is_current_row
    from stated
    {%- if tombstones is not none %}
    left join ended on stated.{{ declared.key[0] }} = ended.record_id
    {%- endif %}
),

counted as (
    select
        *,
        {{ occurrence(declared) | trim }} as occurrence
    from placed
),

final as (
    select
        {{ staged_columns(declared) | join(',\n        ') }},
        {{ row_outcome(declared) | trim }} as outcome
    from counted
)

select * from final
{%- else -%}
select * from {{ landed }} cross join {{ night }}
{%- endif -%}
{%- endmacro %}

{#- What typed_files tells of a declared source. -#}
{% macro declared_files(system, table) -%}
    {%- if not execute -%}{{ return(none) }}{%- endif -%}
    {%- set declared = declared_source(system, table) -%}
    {%- set rates = ref('stg_reference__rate_periods') if declared.currency else none -%}
    {{ return(typed_files(
        source(system, table),
        load=declared.load,
        rates=rates,
        currency=stated_currency(declared, 'known') | trim if rates else none,
        day=happened_date(declared, 'known') | trim if rates else none
    )) }}
{%- endmacro %}
