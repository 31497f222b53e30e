{{ config(materialized='view') }}

-- What members of staff noted about a customer.
with calls as (
    select
        'zoho' as source_system,
        'zoho.calls' as source_name,
        record_id as source_key,
        case
            when lower(call_type) = 'outbound' and duration_seconds = 0 then 'unanswered'
            else call_type
        end as word,
        {{ zoho_person('contact_id') }} as record_key,
        started_at as occurred_at
    from {{ ref('stg_zoho__calls') }}
),

meetings as (
    select
        'zoho' as source_system,
        'zoho.events' as source_name,
        record_id as source_key,
        'meeting' as word,
        {{ zoho_person('contact_id') }} as record_key,
        starts_at as occurred_at
    from {{ ref('stg_zoho__events') }}
),

emails as (
    select
        'zoho' as source_system,
        'zoho.emails' as source_name,
        record_id as source_key,
        case when is_clicked then 'click' when is_opened then 'open' end as word,
        {{ zoho_person() }} as record_key,
        coalesce(first_opened_at, sent_at) as occurred_at
    from {{ ref('stg_zoho__emails') }}
),

activities as (
    select
        'fxiaoke' as source_system,
        'fxiaoke.activities' as source_name,
        record_id as source_key,
        coalesce(nullif(split_part(interaction_types, ',', 1), ''), 'none') as word,
        'fxiaoke:' || account_id as record_key,
        happened_at as occurred_at
    from {{ ref('stg_fxiaoke__activities') }}
    where is_live
),

responses as (
    select
        'zoho' as source_system,
        'zoho.campaign_members' as source_name,
        record_id as source_key,
        member_status as word,
        coalesce('zoho:' || contact_id, 'zoho.lead:' || lead_id) as record_key,
        coalesce(modified_at, created_at) as occurred_at
    from {{ ref('stg_zoho__campaign_members') }}
),

-- Modules that a tenant made; interaction_types says which of them are of something that happened.
custom_records as (
    select
        'zoho' as source_system,
        'zoho.custom_records' as source_name,
        record_id as source_key,
        record_kind as word,
        'zoho:' || contact_id as record_key,
        created_at as occurred_at
    from {{ ref('stg_zoho__custom_records') }}
),

final as (
    {% for source in [
        'calls', 'meetings', 'emails', 'activities', 'responses', 'custom_records',
    ] -%}
    select * from {{ source }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select * from final
