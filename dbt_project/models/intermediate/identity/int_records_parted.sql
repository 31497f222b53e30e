with final as (
    select distinct
        override_key,
        side,
        record_key
    from {{ ref('int_identity_overrides_resolved') }}
    where action = 'keep_apart' and record_key is not null
)

select * from final
