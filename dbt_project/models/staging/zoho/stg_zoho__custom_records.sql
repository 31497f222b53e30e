with base as (
    select *
    from {{ ref('base_zoho__custom_records') }}
    where outcome = 'kept'
),

-- A module names two of its columns after its records: `Store Visit Name`, `Store Visit Owner.id`.
entries as (
    {{ json_object_entries('base', '_extra', ['record_id']) | trim | indent(4) }}
),

owners as (
    select
        record_id,
        min(regexp_replace(label, ' Owner[.]id$', '')) as record_kind
    from entries
    where label like '% Owner.id'
    group by record_id
),

named as (
    select
        owners.record_id,
        owners.record_kind,
        max(case when entries.label = owners.record_kind || ' Name' then entries.value end)
            as record_name,
        max(case when entries.label = owners.record_kind || ' Owner.id' then entries.value end)
            as owner_id
    from owners
    inner join entries on owners.record_id = entries.record_id
    group by owners.record_id, owners.record_kind
),

final as (
    select
        base.record_id,
        named.record_kind,
        base.email,
        base.email_state,
        base.phone,
        base.phone_state,
        base.tags_text,
        base.created_at,
        base.modified_at,
        base._extra as attributes_json,
        regexp_replace(regexp_replace(base._file, '_C_[0-9]+[.]csv$', ''), '^.*/', '')
            as module_name,
        coalesce(base.record_name, {{ to_text('named.record_name') }}) as record_name,
        {{ linked_record_name('base.owner') }} as owner_name,
        coalesce({{ linked_record_id('base.owner') }}, {{ to_id(to_text('named.owner_id')) }})
            as owner_id,
        {{ linked_record_id('base.contact') }} as contact_id,
        {{ linked_record_id('base.account') }} as account_id,
        {{ linked_record_id('base.deal') }} as deal_id,
        {{ linked_record_id('base.created_by') }} as created_by_id
    from base
    left join named on base.record_id = named.record_id
)

select * from final
