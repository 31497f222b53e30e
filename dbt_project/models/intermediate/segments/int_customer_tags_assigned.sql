-- A tag given by hand holds from its first day to its last one; a word that is no tag is none.
with night as (
    select as_of_date from {{ ref('stg_strata__night') }}
),

final as (
    select distinct
        mentions.customer_id,
        tags.tag_id
    from {{ ref('stg_reference__manual_tags') }} as taggings
    cross join night
    inner join {{ ref('int_customer_mentions_resolved') }} as mentions
        on mentions.mention_kind = 'tag' and taggings.tagging_id = mentions.mention_id
    inner join {{ ref('tag_words') }} as tags on lower(taggings.tag) = tags.word
    where
        (taggings.valid_from_date <= night.as_of_date or taggings.valid_from_date is null)
        and (taggings.valid_until_date >= night.as_of_date or taggings.valid_until_date is null)
)

select * from final
