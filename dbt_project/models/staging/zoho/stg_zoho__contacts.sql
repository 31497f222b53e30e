with base as (
    select *
    from {{ ref('base_zoho__contacts') }}
    where
        outcome = 'kept'
        and {{ is_not_in_bin() }}
),

genders as (
    select * from {{ ref('gender_labels') }}
),

night as (
    select * from {{ ref('stg_strata__night') }}
),

final as (
    select
        base.record_id,
        base.first_name,
        base.last_name,
        base.full_name,
        base.email,
        base.email_state,
        base.secondary_email,
        base.birth_date,
        base.job_title,
        base.lead_source,
        base.department,
        base.street,
        base.city,
        base.province,
        base.postcode,
        base.country,
        base.has_email_opt_out,
        base.unsubscribed_mode,
        base.unsubscribed_at,
        base.data_processing_basis,
        base.first_visited_at,
        base.last_visited_at,
        base.visit_days,
        base.chat_count,
        base.visitor_score,
        base.tags_text,
        base.description,
        base.last_activity_at,
        base.created_at,
        base.modified_at,
        {{ linked_record_name('base.account') }} as account_name,
        {{ linked_record_id('base.account') }} as account_id,
        {{ linked_record_id('base.reports_to') }} as reports_to_id,
        {{ linked_record_id('base.consent') }} as consent_id,
        {{ linked_record_name('base.owner') }} as owner_name,
        {{ linked_record_id('base.owner') }} as owner_id,
        {{ linked_record_id('base.created_by') }} as created_by_id,
        coalesce(base.mobile, base.phone) as phone,
        coalesce(genders.gender, 'unknown') as gender,
        {{ utc_to_local('base.created_at', 'night.business_timezone') }} as created_local_at,
        {{ utc_to_local('base.modified_at', 'night.business_timezone') }} as modified_local_at,
        {{ state_of_best_phone() }} as phone_state,
        {{ is_unsubscribed() }} as is_unsubscribed
    from base
    cross join night
    left join genders on lower(base.salutation) = genders.label
)

select * from final
