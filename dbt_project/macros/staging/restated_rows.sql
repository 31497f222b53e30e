{#- Base models keep what they typed. A night types only the files that are not kept, and judges
    anew only what these files state. A file is kept while it still counts, no row of it waits for
    a date or a rate, and no row of it has lost its rate. Every other one is forgotten, and typed
    again if it counts. Where code or settings have changed, the tables are dropped before the
    night (building.py), and everything is typed. -#}

{#- The configuration of a base model. `files` is the call of typed_files, as text, that tells which
    files it keeps. -#}
{% macro configure_base(files) -%}
    {{ config(
        materialized='incremental',
        incremental_strategy='delete+insert',
        unique_key=['_file_number', '_row'],
        pre_hook='{{ forget_files(' ~ files ~ ') }}'
    ) }}
{%- endmacro %}

{#- Numbers of the files of a landed relation that count: `kept` by the table of this model, or
    `fresh`. None where the model is built from the ground.
    `load`: how the source lands by declaration, where a full dump ends what came before it.
    `rates`, `currency`, `day`: the relation of exchange rates, and what a row of `known`, this
    model, is converted from and on which day. -#}
{% macro typed_files(landed, load=none, rates=none, currency=none, day=none) -%}
{%- if not execute or is_unit_test() or not is_incremental() -%}{{ return(none) }}{%- endif -%}
{%- set query -%}
with source as (
    select distinct
        _file_number,
        _exported_at,
        _load
    from {{ landed }}
),

{% if load -%}
{{ selected_rows(load) }},
{%- else -%}
selected as (
    select * from source
),
{%- endif %}

known as (
    select
        known._file_number,
        max(case when {{ may_change(rates, currency, day) }} then 1 else 0 end) as is_waiting
    from {{ this }} as known
    {%- if rates %}
    cross join {{ source('strata', 'night') }} as night
    left join {{ rates }} as rates
        on
            {{ rate_holds(currency, day) }}
    {%- endif %}
    group by known._file_number
)

select
    selected._file_number,
    coalesce(known.is_waiting, 1) = 0 as is_kept
from selected
left join known on selected._file_number = known._file_number
order by selected._file_number
{%- endset -%}
{%- set files = {'kept': [], 'fresh': []} -%}
{%- for file in run_query(query) -%}
    {%- do files['kept' if file[1] else 'fresh'].append(file[0]) -%}
{%- endfor -%}
{{ return(files) }}
{%- endmacro %}

{#- Whether this is a unit test of the model: it has no table of the night before, and no source but
    those it is given. -#}
{% macro is_unit_test() -%}
    {{ return(model.resource_type == 'unit_test') }}
{%- endmacro %}

{#- Whether a row of `known` may be judged otherwise tonight although its file is the same. -#}
{% macro may_change(rates, currency, day) -%}
    known.rejected_reason in ('after_as_of_date', 'no_exchange_rate')
    {%- if rates %}
            or (
                known.rejected_column is null
                and {{ currency }} != night.reporting_currency
                and rates.exchange_rate is null
            )
    {%- endif -%}
{%- endmacro %}

{#- Whether a row is of one of these files. -#}
{% macro is_of_files(numbers) -%}
    {{ '_file_number in (' ~ numbers | join(', ') ~ ')' if numbers else 'false' }}
{%- endmacro %}

{#- Whether a landed row is to be typed tonight. -#}
{% macro is_fresh(files) -%}
    {{ 'true' if files is none else is_of_files(files.fresh) }}
{%- endmacro %}

{#- Pre-hook of a base model: forget every file that is not kept. -#}
{% macro forget_files(files) -%}
    {%- if files is not none -%}
        delete from {{ this }} where not coalesce({{ is_of_files(files.kept) }}, false)
    {%- endif -%}
{%- endmacro %}

{#- CTEs that end in `stated`: the rows of `fresh`, and beside them those of this model that are
    judged anew with them. These share the values of `keys` with one of them; where there are no
    such columns, they are all. Where `ended` tells of records by their id, `record_id`, it is also
    those that ended, or had ended. `columns`: the names of the columns of `fresh`. -#}
{% macro stated_rows(files, keys, columns, record_id=none) -%}
{% if files is none -%}
stated as (
    select * from fresh
)
{%- else -%}
touched as (
    select known.*
    from {{ this }} as known
    where
        {{ is_of_files(files.kept) }}
        {%- if keys %}
        and (
            exists (
                select 1
                from fresh
                where
                    {% for key in keys -%}
                    {{ 'and ' if not loop.first -}}
                    fresh.{{ key }} is not distinct from known.{{ key }}
                    {% endfor %}
            )
            {%- if record_id %}
            or known.outcome = 'deleted'
            or known.{{ record_id }} in (select ended.record_id from ended)
            {%- endif %}
        )
        {%- endif %}
),

stated as (
    select * from fresh
    union all
    select {{ columns | join(', ') }} from touched
)
{%- endif %}
{%- endmacro %}
