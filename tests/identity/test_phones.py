"""Phones against what `phonenumbers`, the port of Google's library, makes of the same numbers.

Where the two differ on purpose, the test that would show it says so:
- Without `+` or `00`, only a mainland mobile is a number: eleven digits that start with 1 are
  hardly anything else, while `021-65529988` or `8621…` may be an account or an order as well.
- Numbers that only ring inside one country, like 95588 and paid lines, are nobody's.
- How long numbers are is known of 86 and 1 alone. What is mistyped abroad stays as it was typed, so
  that it can only be linked with the same mistake.
- A zero that is dialled at home only is left out where it stands in brackets, `+44 (0)20`; without
  them it stays, as it is part of the number in Italy and elsewhere.
"""

from collections.abc import Sequence

import phonenumbers
from hypothesis import example, given, settings
from hypothesis import strategies as st
from identity_desk import IdentityDesk
from phonenumbers import PhoneNumberFormat

TYPED = settings(max_examples=100, deadline=None, derandomize=True, database=None)
# Countries of which the lengths of numbers are known.
KNOWN = {1, 86}
WIDE = str.maketrans("0123456789+-()", "０１２３４５６７８９＋－（）")
AREAS = ("10", "20", "21", "22", "28", "311", "371", "512", "532", "571", "755", "898", "991")
MOBILES = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)
SUBSCRIBERS = st.from_regex(r"[2-8][0-9]{7}", fullmatch=True)
LANDLINES = st.builds(str.__add__, st.sampled_from(AREAS), SUBSCRIBERS)
AT_HOME, ABROAD = ("", "86", "(86)", "86-"), ("+86", "0086", "(+86)", "+86 ", "+86-", "+86(0)")
# What rings inside its country only.
DOMESTIC = {"+8616812345", "+13101234", "+989601"}


def typed(desk: IdentityDesk, texts: Sequence[str]) -> list[str | None]:
    """What staging makes of each text."""
    desk.write([], [(str(place), text, None) for place, text in enumerate(texts)], [])
    desk.build("int_customer_contacts_unioned")
    found = dict(desk.rows(
        "select record_key, phone from intermediate.int_customer_contacts_unioned"
    ))  # fmt: skip
    return [found.get(str(place)) for place in range(len(texts))]


def oracle(number: str) -> str:
    """The number as the library writes it."""
    return phonenumbers.format_number(phonenumbers.parse(number), PhoneNumberFormat.E164)


def is_possible(number: str) -> bool:
    """Whether the library can imagine the number."""
    try:
        return phonenumbers.is_possible_number(phonenumbers.parse(number))
    except phonenumbers.NumberParseException:
        return False


@st.composite
def spellings(draw: st.DrawFn, numbers: st.SearchStrategy[str], before: Sequence[str]) -> tuple:
    """A mainland number, and one way in which people and programs write it."""
    number = draw(numbers)
    first, second = sorted(draw(st.tuples(*[st.integers(2, len(number) - 2)] * 2)))
    joint = draw(st.sampled_from(("", " ", "-", ".", "  ")))
    parts = [number[:first], number[first:second], number[second:]]
    text = draw(st.sampled_from(before)) + joint.join(filter(None, parts))
    written = draw(st.sampled_from(
        (text, f" {text} ", f"'{text}", f'="{text}"', f"\t{text}", f"{text}.0",
         f"\u202d{text}\u202c", text.translate(WIDE))
    ))  # fmt: skip
    return number, written


@TYPED
@given(drawn=spellings(MOBILES, AT_HOME + ABROAD))
def test_a_mainland_mobile_is_what_the_library_makes_of_it_however_it_is_written(
    desk: IdentityDesk, drawn: tuple[str, str]
) -> None:
    number, text = drawn
    assert typed(desk, [text]) == [oracle(f"+86{number}")]


@TYPED
@given(drawn=spellings(LANDLINES, ABROAD))
def test_a_mainland_landline_that_is_written_for_abroad_is_what_the_library_makes_of_it(
    desk: IdentityDesk, drawn: tuple[str, str]
) -> None:
    number, text = drawn
    assert typed(desk, [text]) == [oracle(f"+86{number}")]


@TYPED
@given(drawn=spellings(LANDLINES, ("", "0", "86", "86-")))
def test_a_mainland_landline_that_is_written_for_home_is_no_number(
    desk: IdentityDesk, drawn: tuple[str, str]
) -> None:
    assert typed(desk, [drawn[1]]) == [None]


def test_a_number_of_any_country_is_what_the_library_makes_of_it(desk: IdentityDesk) -> None:
    kinds = phonenumbers.PhoneNumberType.values()
    examples = [
        phonenumbers.example_number_for_type(region, kind)
        for region in phonenumbers.SUPPORTED_REGIONS
        for kind in kinds
    ]
    written = {
        phonenumbers.format_number(number, PhoneNumberFormat.E164) for number in examples if number
    }
    numbers = sorted(written - DOMESTIC)
    assert len(numbers) > len(phonenumbers.SUPPORTED_REGIONS)
    spaced = [
        phonenumbers.format_number(phonenumbers.parse(number), PhoneNumberFormat.INTERNATIONAL)
        for number in numbers
    ]
    assert typed(desk, numbers) == numbers
    assert typed(desk, spaced) == numbers
    assert typed(desk, [text.replace("+", "00", 1) for text in spaced]) == numbers
    assert typed(desk, sorted(DOMESTIC)) == [None] * len(DOMESTIC)


@TYPED
@given(
    text=st.builds(
        str.__add__,
        st.sampled_from(("", "+", "00", "+86", "0086", "+1", "001")),
        st.text("0123456789 -.()", min_size=3, max_size=14),
    )
)
@example(text="+86 10 6552 998")
@example(text="+86 755 2655 29988 1")
@example(text="+1 212 555 01000")
@example(text="+1 212 555 010")
def test_no_number_of_a_known_country_is_one_that_the_library_calls_impossible(
    desk: IdentityDesk, text: str
) -> None:
    for number in filter(None, typed(desk, [text])):
        country = next((code for code in KNOWN if number.startswith(f"+{code}")), None)
        if country:
            assert is_possible(number)
            assert oracle(number) == number


def test_where_this_reads_numbers_otherwise_than_the_library(desk: IdentityDesk) -> None:
    others = {
        "021-65529988": (None, "+862165529988"),
        "95588": (None, "+8695588"),
        "+44 020 7946 0958": ("+4402079460958", "+442079460958"),
        "+39 06 6982 1234": ("+390669821234", "+390669821234"),
        "+33 6 12 34 56": ("+336123456", "+336123456"),
    }
    theirs = [
        phonenumbers.format_number(phonenumbers.parse(text, "CN"), PhoneNumberFormat.E164)
        for text in others
    ]
    assert list(zip(typed(desk, list(others)), theirs, strict=True)) == list(others.values())
    assert not is_possible("+336123456")
