-- One pass over the profile, however many rules are declared.
with profile as (
    select * from {{ ref('int_customer_profile_joined') }}
),

rules as (
    select rules.tag_id
    from {{ ref('int_tag_rules_declared') }} as rules
    inner join {{ ref('tags') }} as tags on rules.tag_id = tags.tag_id
    where tags.status = 'live'
),

final as (
    select
        rules.tag_id,
        profile.customer_id
    from profile
    cross join rules
    where
        case rules.tag_id
            {% for tag_id, rule in declared_tag_rules() -%}
            when '{{ tag_id }}' then {{ rule }}
            {% endfor -%}
            else false
        end
)

select * from final
