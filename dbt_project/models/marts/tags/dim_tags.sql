with final as (
    select
        tags.tag_id,
        tags.label_zh,
        tags.label_en,
        tags.tag_type,
        tags.purpose,
        tags.source,
        tags.exclusive_group,
        tags.status,
        tags.owner,
        rules.rule_text
    from {{ ref('tags') }} as tags
    left join {{ ref('int_tag_rules_declared') }} as rules on tags.tag_id = rules.tag_id
)

select * from final
