"""A crowd of millions of records for the identity models, drawn in SQL by hashes of numbers.

Belongs here: what is drawn, and the thin models that hand it to those of identity. Does not belong
here: who somebody truly is (population/), or what is measured (identity_scale.py).

A person is known to 1 to 16 records. Three people in ten are chains, in which only neighbours state
a value together; of the others each record states the one phone and the one address, most times.
Some share a phone with somebody else, some state a switchboard or a blocked number.
"""

import duckdb
from population.names import FAMILY, GIVEN
from population.project import IdentityProject, write

# Per cent of people by how many records they have, 1 and up; the others have 9 to 16.
SIZE_PERCENTS = (45, 20, 12, 8, 5, 3, 2, 2)
LARGE_SIZES = (9, 16)
MOST_RECORDS = LARGE_SIZES[1]
CHANGED_PER_MILLE = 3
KINDS = {
    "zoho": "contact",
    "fxiaoke": "account",
    "shopify.customer": "account",
    "shop": "buyer",
    "taobao": "buyer",
    "loyalty": "member",
    "wecom": "friend",
    "segment.login": "login",
}
# A number below 2^48 that is the same for the same arguments.
CHANCE = "create or replace temp macro chance_of(one, other) as (hash(one, other) >> 16)::bigint"
DRAWN = """
create or replace temp table drawn as
with people as (
    select
        number as person,
        chance_of(number, 'chain') % 10 < 3 as is_chain,
        chance_of(number, 'family') % 100 < 1 as shares_phone,
        {family}[1 + chance_of(number, 'family') % len({family})]
        || {given}[1 + chance_of(number, 'first') % len({given})]
        || {given}[1 + chance_of(number, 'last') % len({given})] as name,
        date '1950-01-01' + cast(chance_of(number, 'born') % 20000 as integer) as birth_date,
        {sizes}[1 + chance_of(number, 'size') % 100] as size
    from range({people}) as numbers(number)
),

placed as (
    select
        people.*,
        place,
        chance_of(person, place) as chance,
        {systems}[1 + chance_of(place, person) % {system_count}] as system
    from people, unnest(range(people.size)) as places(place)
)

select
    *,
    system || ':' || (person * {most} + place) * 2654435761 % 4294967296 as record_key,
    person * {most} + if(is_chain, place // 2, 0) as phone_number,
    person * {most} + if(is_chain, (place + 1) // 2, 0) as email_number
from placed
"""
RECORDS = """
insert into landing.records
select
    record_key,
    split_part(system, '.', 1) as source_system,
    {kinds}[system] as record_kind,
    case
        when system not in ('zoho', 'fxiaoke', 'shopify.customer') then null
        when chance % 100 < 1 then left(name, 2) || '明'
        else name
    end as person_name,
    case when chance // 100 % 100 < 10 then birth_date end as birth_date,
    person
from drawn
"""
# Three in a thousand state the line of 400 people, another three a number that is blocked.
CONTACTS = """
insert into landing.contacts
select
    record_key,
    case
        when chance % 1000 < 3 then '+8610' || 61000000 + person // 400
        when chance % 1000 < 6 then '+8613800138000'
        when shares_phone and chance // 1000 % 100 < 35 then {phone_of_next}
        when is_chain or chance // 1000 % 100 < 84 then {phone}
    end as phone,
    case when is_chain or chance // 100000 % 100 < 45 then {email} end as email
from drawn
"""
PHONE = "'+8613' || lpad(cast(({number}) * 7919 % 1000000000 as varchar), 9, '0')"
EMAIL = "left(md5(cast(email_number as varchar)), 8) || email_number || '@qq.com'"
ACCOUNTS = """
insert into landing.accounts
select record_key, 'unionid', 'u' || person from drawn where system = 'wecom'
union all
select record_key, 'login', 'member:' || person from drawn
where system in ('loyalty', 'segment.login')
union all
select record_key, 'device', 'segment:d' || person || '-' || chance % 2 from drawn
where system = 'segment.login'
"""
# On the next night some have another phone.
CHANGED = f"""
update landing.contacts
set phone = '+8619' || right(phone, 9)
where hash(record_key) % 1000 < {CHANGED_PER_MILLE}
"""
VIEWS = {
    "int_customer_contacts_unioned": "select * from {{ source('population', 'contacts') }}\n"
    "where coalesce(phone, email) is not null",
    "int_customer_accounts_linked": "select * from {{ source('population', 'accounts') }}",
}
RECORD_VIEW = """
select
    record_key,
    source_system,
    record_kind,
    record_key as source_customer_id,
    person_name,
    'unknown' as gender,
    birth_date,
    cast(null as varchar) as place_text,
    cast(null as varchar) as occupation,
    cast(null as boolean) as is_member,
    cast(null as timestamp) as created_local_at,
    cast(null as timestamp) as modified_local_at
from {{ source('population', 'records') }}
"""
RECORD_KINDS = {
    "crm": "source_system in ('zoho', 'fxiaoke')",
    "buyer": "record_kind = 'buyer'",
    "member": "source_system in ('shopify', 'loyalty')",
    "friend": "source_system = 'wecom'",
    "visitor": "record_kind = 'login'",
}
IDENTIFIERS = """
select
    (select count(*) from landing.records),
    (select count(phone) + count(email) from landing.contacts)
    + (select count(*) from landing.accounts)
"""


def sizes() -> list[int]:
    """How many records a person has, for each of a hundred draws that are equally likely."""
    found = [size for size, share in enumerate(SIZE_PERCENTS, 1) for _ in range(share)]
    smallest, largest = LARGE_SIZES
    spread = largest - smallest + 1
    return found + [smallest + number % spread for number in range(100 - len(found))]


def draw_crowd(warehouse: duckdb.DuckDBPyConnection, records: int) -> None:
    """Fill the tables of a population with about so many records."""
    drawn = DRAWN.format(
        people=records * 100 // sum(sizes()),
        sizes=sizes(),
        most=MOST_RECORDS,
        family=[character for character, _ in FAMILY],
        given=[character for character, _ in GIVEN],
        systems=list(KINDS),
        system_count=len(KINDS),
    )
    phones = {
        "phone": PHONE.format(number="phone_number"),
        "phone_of_next": PHONE.format(number=f"(person + 1) * {MOST_RECORDS}"),
    }
    warehouse.execute(CHANCE)
    warehouse.execute(drawn)
    warehouse.execute(RECORDS.format(kinds=f"map {KINDS}"))
    warehouse.execute(CONTACTS.format(email=EMAIL, **phones))
    warehouse.execute(ACCOUNTS)
    warehouse.execute("drop table drawn")


def count_crowd(warehouse: duckdb.DuckDBPyConnection) -> tuple[int, int]:
    """How many records there are, and how many identifiers they state besides themselves."""
    return warehouse.execute(IDENTIFIERS).fetchall()[0]


def feed_directly(project: IdentityProject) -> None:
    """Have the models read the tables as they are, without cleaning what is clean."""
    records = {f"int_{kind}_records_unioned": f"{RECORD_VIEW}where {condition}"
               for kind, condition in RECORD_KINDS.items()}  # fmt: skip
    for name, query in {**VIEWS, **records}.items():
        text = "{{ config(materialized='view') }}\n" + query + "\n"
        write(project.folder / "models" / "intermediate" / f"{name}.sql", text)
