{#- Pre-hook of int_customer_records_clustered: what is said of touched records is said anew. -#}
{% macro forget_touched_records() -%}
    {%- if is_incremental() -%}
        delete from {{ this }}
        where record_key in (
            select touched.record_key from {{ ref('int_records_touched') }} as touched
        )
    {%- endif -%}
{%- endmacro %}
