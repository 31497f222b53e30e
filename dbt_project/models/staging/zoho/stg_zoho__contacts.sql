with base as (
    select *
    from {{ ref('base_zoho__contacts') }}
    where outcome = 'kept'
),

genders as (
    select * from {{ ref('gender_labels') }}
),

final as (
    select
        base.record_id,
        base.email,
        base.phone,
        base.birth_date,
        base.city,
        base.province,
        base.has_email_opt_out,
        base.created_local_at,
        base.modified_local_at,
        coalesce(genders.gender, 'unknown') as gender
    from base
    left join genders on base.salutation = genders.label
)

select * from final
