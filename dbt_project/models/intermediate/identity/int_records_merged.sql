with final as (
    select distinct
        overrides.override_key,
        overrides.record_key
    from {{ ref('int_identity_overrides_resolved') }} as overrides
    left join {{ ref('int_records_split') }} as splits
        on
            overrides.record_key = splits.record_key
            and overrides.decided_date < splits.decided_date
    where
        overrides.action = 'merge'
        and overrides.record_key is not null
        -- The newer decision about a record counts.
        and splits.record_key is null
)

select * from final
