"""What no value may do: each test states two records, and says whether they are one person."""

import datetime as dt

import pytest
from identity_desk import IdentityDesk, Record, people_of

LI, WANG = Record("zoho:li", name="李娜"), Record("fxiaoke:wang", name="王伟")
NAMELESS = Record("shop:li", kind="buyer")
PHONE, DESK = "13861742953", "+862165529988"
# Some are no phone to begin with, others are typed and then blocked.
BLOCKED_PHONES = ("00000000000", "13800138000", "+8612345678", "13812345678", "13888888888")
BLOCKED_EMAILS = ("test@qq.com", "unknown@163.com", "123456@qq.com", "li.na@shop.invalid")
BLOCKED_ACCOUNTS = {
    "login": ("member:0", "member:123456", "member:unknown", "member:anonymous", "member:admin"),
    "unionid": ("0000", "123456", "unknown", "null", "无"),
}
MASKED_PHONES = ("138****0000", "138****1953", "138xxxx1953", "1******1953", "138••••1953")
DAMAGED_PHONES = ("1.38E+10", "1.38617E+10", "8.61386E+12", "+8.61386E+12")


def are_one(desk: IdentityDesk, one: Record, other: Record, *more: Record) -> bool:
    """Whether the first two records are one person."""
    found = people_of(desk, one, other, *more)
    return any({one.key, other.key} <= keys for keys in found)


def linking(desk: IdentityDesk, *stated: Record) -> list[Record]:
    """Which of these statements make two records one that both state the same."""
    ones = [one._replace(key=f"zoho:{place:02}") for place, one in enumerate(stated)]
    others = [one._replace(key=one.key.replace("zoho", "shop"), kind="buyer") for one in ones]
    found = people_of(desk, *ones, *others)
    return [one for one in ones if frozenset({one.key}) not in found]


def test_two_records_that_state_one_phone_are_one_person(desk: IdentityDesk) -> None:
    # Else every test below would hold where nobody is linked at all.
    spelt = NAMELESS._replace(phones=("+86 138-6174-2953",))
    assert are_one(desk, LI._replace(phones=(PHONE,)), spelt)
    assert len(linking(desk, LI._replace(phones=(PHONE,)), LI._replace(emails=("li@qq.com",)))) == 2


def test_a_blocked_phone_makes_nobody_one(desk: IdentityDesk) -> None:
    assert linking(desk, *[LI._replace(phones=(phone,)) for phone in BLOCKED_PHONES]) == []


def test_a_blocked_address_makes_nobody_one(desk: IdentityDesk) -> None:
    assert linking(desk, *[LI._replace(emails=(email,)) for email in BLOCKED_EMAILS]) == []


@pytest.mark.parametrize(("kind", "values"), BLOCKED_ACCOUNTS.items())
def test_a_blocked_account_makes_nobody_one(
    desk: IdentityDesk, kind: str, values: tuple[str, ...]
) -> None:
    assert linking(desk, *[LI._replace(accounts=((kind, value),)) for value in values]) == []


def test_a_phone_of_a_store_that_somebody_listed_makes_nobody_one(desk: IdentityDesk) -> None:
    holders = LI._replace(phones=(PHONE,)), NAMELESS._replace(phones=(PHONE,))
    assert are_one(desk, *holders)
    row = ["phone", f"[+]86{PHONE}", "a store's own"]
    desk.warehouse.execute("insert into seeds.blocked_identifiers values (?, ?, ?)", row)
    try:
        assert not are_one(desk, *holders)
    finally:
        desk.warehouse.execute("delete from seeds.blocked_identifiers where pattern = ?", row[1:2])


def test_a_masked_phone_makes_nobody_one(desk: IdentityDesk) -> None:
    assert linking(desk, *[LI._replace(phones=(phone,)) for phone in MASKED_PHONES]) == []


def test_a_masked_address_makes_nobody_one(desk: IdentityDesk) -> None:
    assert linking(desk, LI._replace(emails=("li***@qq.com",))) == []


def test_a_phone_that_excel_damaged_makes_nobody_one(desk: IdentityDesk) -> None:
    assert linking(desk, *[LI._replace(phones=(phone,)) for phone in DAMAGED_PHONES]) == []


def test_a_phone_of_more_people_than_a_phone_can_have_makes_nobody_one(desk: IdentityDesk) -> None:
    limit = desk.column(
        "select max_people from seeds.identifier_kinds where identifier_kind = 'phone'"
    )[0]
    callers = [NAMELESS._replace(key=f"shop:{n:02}", phones=(PHONE,)) for n in range(limit + 1)]
    assert len(people_of(desk, *callers[:limit])) == 1
    assert len(people_of(desk, *callers)) == limit + 1


def test_a_phone_of_the_family_makes_only_those_of_one_name_one(desk: IdentityDesk) -> None:
    li, wang = LI._replace(phones=(PHONE,)), WANG._replace(phones=(PHONE,))
    again = LI._replace(key="youzan:li", name="李 娜女士", phones=(PHONE,))
    nameless = NAMELESS._replace(phones=(PHONE,))
    found = people_of(desk, li, wang, again, nameless)
    assert found == {
        frozenset({li.key, again.key}),
        frozenset({wang.key}),
        frozenset({nameless.key}),
    }


def test_a_phone_of_the_family_does_not_merge_two_whose_orders_state_names(
    desk: IdentityDesk,
) -> None:
    li = NAMELESS._replace(name="李娜", phones=(PHONE,))
    wang = Record("shopify:wang", kind="buyer", name="王伟", phones=(PHONE,))
    assert not are_one(desk, li, wang)
    assert are_one(desk, li, wang._replace(name="Na Li"))
    assert are_one(desk, li, wang._replace(name=None))


def test_what_staff_call_a_friend_parts_two_and_makes_nobody_one(desk: IdentityDesk) -> None:
    friend = Record("wecom:li", kind="friend", name="李娜-老客户", phones=(PHONE,))
    assert are_one(desk, LI._replace(phones=(PHONE,)), friend)
    assert not are_one(desk, WANG._replace(phones=(PHONE,)), friend)
    assert are_one(desk, WANG._replace(phones=(PHONE,)), friend._replace(name="大客户 VIP"))
    assert not are_one(desk, LI, friend._replace(phones=()))


def test_a_family_name_alone_contradicts_another_and_agrees_with_nobody(
    desk: IdentityDesk,
) -> None:
    wang, masked = WANG._replace(phones=(PHONE,)), NAMELESS._replace(name="李**", phones=(PHONE,))
    assert not are_one(desk, wang, masked)
    assert are_one(desk, wang, masked._replace(name="王*"))
    # What only may be somebody's is no second sign.
    assert not are_one(desk, wang._replace(phones=(DESK,)), masked._replace(name="王*"))
    at_desk = masked._replace(name="王*", phones=(DESK,))
    assert not are_one(desk, at_desk, at_desk._replace(key="shop:wang"))


def test_an_address_forgives_one_other_character_and_a_phone_does_not(desk: IdentityDesk) -> None:
    typed = WANG._replace(name="王伟明")
    mistyped = NAMELESS._replace(name="王伟华")
    mailbox = ("wang@qq.com",)
    assert are_one(desk, typed._replace(emails=mailbox), mistyped._replace(emails=mailbox))
    assert not are_one(desk, typed._replace(phones=(PHONE,)), mistyped._replace(phones=(PHONE,)))
    other = mistyped._replace(name="王芳", emails=mailbox)
    assert not are_one(desk, typed._replace(emails=mailbox), other)


def test_a_tablet_of_two_people_makes_nobody_one(desk: IdentityDesk) -> None:
    tablet = ("device", "segment:d1")
    logins = [
        Record(f"segment:{n}", kind="login", accounts=(("login", f"member:{n}"), tablet))
        for n in (1001, 1002)
    ]
    device = Record("segment.device:d1", kind="device", accounts=(tablet,))
    assert are_one(desk, logins[0], device)
    assert not are_one(desk, *logins, device)


def test_a_line_of_an_office_needs_a_second_sign(desk: IdentityDesk) -> None:
    at_desk = LI._replace(phones=(DESK,))
    assert not are_one(desk, at_desk, NAMELESS._replace(phones=(DESK,)))
    assert are_one(desk, at_desk, LI._replace(key="shop:li", phones=(DESK,)))


def test_a_chain_of_three_weak_links_does_not_make_one_person_of_three(desk: IdentityDesk) -> None:
    one, two, three = (
        LI._replace(key=f"zoho:{n}", phones=(f"+86216552998{n}", f"+86216552998{n + 1}"))
        for n in range(3)
    )
    assert are_one(desk, one, two)
    assert len(people_of(desk, one, two, three)) == 3


def test_two_unionids_are_two_people_whatever_else_they_share(desk: IdentityDesk) -> None:
    born = dt.date(1990, 5, 1)
    one = LI._replace(born=born, phones=(PHONE,), accounts=(("unionid", "u1"),))
    other = one._replace(key="wecom:li", kind="friend")
    assert are_one(desk, one, other)
    assert not are_one(desk, one, other._replace(accounts=(("unionid", "u2"),)))
