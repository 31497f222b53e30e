{#- Pre-hook of every model keyed by night: a night that is built again replaces what it wrote
    before, also where it now writes nothing. -#}
{% macro forget_from_tonight() -%}
    {%- if is_incremental() -%}
        delete from {{ this }}
        where as_of_date >= (select night.as_of_date from {{ source('strata', 'night') }} as night)
    {%- endif -%}
{%- endmacro %}
