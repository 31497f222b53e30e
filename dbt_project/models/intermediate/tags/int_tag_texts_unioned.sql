{{ config(materialized='view') }}

-- Tags as people and systems write them. Where a system says neither who nor when, both are null.
with zoho as (
    select
        'zoho:' || record_id as record_key,
        {{ text_elements('tags_text') }} as tag_text
    from {{ ref('stg_zoho__contacts') }}
    union all
    select
        'zoho.lead:' || record_id as record_key,
        {{ text_elements('tags_text') }} as tag_text
    from {{ ref('stg_zoho__leads') }}
),

fxiaoke as (
    select
        'fxiaoke:' || record_id as record_key,
        {{ text_elements('tags_text') }} as tag_text
    from {{ ref('stg_fxiaoke__customers') }}
),

shopify as (
    select
        'shopify.customer:' || customer_key as record_key,
        {{ text_elements('tags') }} as tag_text
    from {{ ref('stg_shopify__customers') }}
),

youzan as (
    select
        'youzan.customer:' || customer_key as record_key,
        {{ text_elements('tags') }} as tag_text
    from {{ ref('stg_youzan__customers') }}
),

wecom as (
    select
        group_name as tag_group,
        userid as tagged_by,
        'wecom:' || external_userid as record_key,
        coalesce(tag_name, tag_id) as tag_text
    from {{ ref('stg_wecom__contact_tags') }}
),

written as (
    {% for system, kind in {
        'zoho': 'manual', 'fxiaoke': 'manual', 'shopify': 'import', 'youzan': 'import',
    }.items() -%}
    select
        '{{ system }}' as source_system,
        '{{ kind }}' as source,
        record_key,
        cast(null as varchar) as tag_group,
        tag_text,
        cast(null as varchar) as tagged_by
    from {{ system }}
    union all
    {% endfor -%}
    select
        'wecom' as source_system,
        'manual' as source,
        record_key,
        tag_group,
        tag_text,
        tagged_by
    from wecom
),

final as (
    select
        source_system,
        source,
        record_key,
        tag_group,
        tagged_by,
        trim(tag_text) as tag_text
    from written
    where trim(tag_text) != ''
)

select * from final
