{%- set measured = [
    ref('measures_landing'), ref('measures_volume'), ref('measures_money'), ref('measures_shares'),
] -%}
with final as (
    {% for measures in measured -%}
    select
        measure,
        subject,
        cast(observed as double) as observed
    from {{ measures }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select * from final
