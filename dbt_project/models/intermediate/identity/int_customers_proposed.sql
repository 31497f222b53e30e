-- A name never links anybody. Who has the name and birth date of somebody else, or shares a weak
-- identifier with them, is put before a person, whose answer is a row of identity_overrides.
with people as (
    select distinct
        customer_id,
        name_key,
        birth_date
    from {{ ref('int_customer_records_identified') }}
    where person_name is not null and birth_date is not null
),

namesakes as (
    select
        *,
        count(*) over (partition by name_key, birth_date) as people
    from people
    where name_key is not null and not {{ is_family_name_alone('name_key') }}
),

weak as (
    select distinct
        labelled.identifier_value,
        folded.customer_id
    from {{ ref('int_customer_records_clustered') }} as labelled
    inner join {{ ref('int_customer_records_identified') }} as folded
        on labelled.record_key = folded.record_key
    where labelled.guard = 'weak'
),

pairs as (
    select
        one.customer_id,
        other.customer_id as other_customer_id,
        'same_name_and_birth_date' as reason
    from namesakes as one
    inner join namesakes as other
        on
            one.name_key = other.name_key
            and one.birth_date = other.birth_date
            and one.customer_id < other.customer_id
    where one.people <= {{ var('identity_compared_parties') }}
    union
    select
        one.customer_id,
        other.customer_id as other_customer_id,
        'same_landline' as reason
    from weak as one
    inner join weak as other
        on
            one.identifier_value = other.identifier_value
            and one.customer_id < other.customer_id
),

apart as (
    select distinct
        one.customer_id,
        other.customer_id as other_customer_id
    from {{ ref('int_records_parted') }} as kept_one
    inner join {{ ref('int_records_parted') }} as kept_other
        on kept_one.override_key = kept_other.override_key and kept_one.side != kept_other.side
    inner join {{ ref('int_customer_records_identified') }} as one
        on kept_one.record_key = one.record_key
    inner join {{ ref('int_customer_records_identified') }} as other
        on kept_other.record_key = other.record_key
),

-- Whoever has been told apart is not asked about again.
final as (
    select pairs.*
    from pairs
    left join apart
        on
            pairs.customer_id = apart.customer_id
            and pairs.other_customer_id = apart.other_customer_id
    where apart.customer_id is null
)

select * from final
