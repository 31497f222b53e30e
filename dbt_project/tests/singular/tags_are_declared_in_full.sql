{{ config(meta={'dagster': {'ref': {'name': 'tags'}}}) }}

-- First what a tag is for, then the tag: no type, purpose or owner is left open, every word is one
-- of those that are known, and a tag has a rule exactly where its source is rule.
select
    tags.tag_type,
    tags.purpose,
    tags.source,
    tags.status,
    rules.rule_text,
    coalesce(tags.tag_id, rules.tag_id) as tag_id
from {{ ref('tags') }} as tags
full outer join {{ ref('int_tag_rules_declared') }} as rules on tags.tag_id = rules.tag_id
where
    coalesce(tags.tag_type, '') not in (
        'behaviour', 'interest', 'demographic', 'value', 'lifecycle', 'service'
    )
    or coalesce(tags.source, '') not in ('rule', 'manual', 'import')
    or coalesce(tags.status, '') not in ('draft', 'approved', 'live', 'retired')
    or coalesce(trim(tags.purpose), '') = ''
    or coalesce(trim(tags.owner), '') = ''
    or coalesce(trim(tags.label_zh), '') = ''
    or coalesce(trim(tags.label_en), '') = ''
    or (rules.tag_id is not null) != (tags.source = 'rule')
