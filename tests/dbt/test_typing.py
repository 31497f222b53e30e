"""What each typing macro makes of the texts that exports hold, through the macros as dbt has them.

The tables below are raw cells and what they mean; None is a cell that does not have that type.
"""

import datetime as dt
import random
from decimal import Decimal
from typing import Any

import pytest
from typing_desk import Desk, Table

Cases = dict[str | None, Any]

# How each value is cleaned before it is typed: names keep their width, what is for machines not.
FOR_PEOPLE = "{{ to_text('raw') }}"
FOR_MACHINES = "{{ to_text(to_half_width('raw')) }}"
SHANGHAI = "'Asia/Shanghai'"
NEW_YORK = "'America/New_York'"


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


TEXTS: Cases = {
    "Ann": "Ann",
    "  Ann \t": "Ann",
    "\u00a0\u3000Ann\u3000\u00a0": "Ann",
    "\r\nAnn\n": "Ann",
    "\ufeffAnn": "Ann",
    "An\u200bn\u2060": "Ann",
    "\u202dAnn\u202c": "Ann",
    "Ann\nLee": "Ann\nLee",
    "Ann\tLee": "Ann Lee",
    "李\u3000娜": "李\u3000娜",
    "ＡＢＣ商店１２": "ＡＢＣ商店１２",
    "👨\u200d👩\u200d👧": "👨\u200d👩\u200d👧",
    '="169"': "169",
    ' ="169" ': "169",
    '="\t169"': "169",
    "'169": "169",
    "' 169 ": "169",
    "\t169": "169",
    'a 5" screen': 'a 5" screen',
    '="open': '="open',
    "O'Neill": "O'Neill",
    "Na": "Na",
    "Null & Co": "Null & Co",
    "无锡": "无锡",
    "0": "0",
    "---": "---",
    None: None,
    "": None,
    "   ": None,
    "\u3000": None,
    "\u200b": None,
    '=""': None,
    "'": None,
    "-": None,
    " - ": None,
    "--": None,
    "——": None,
    "null": None,
    "NULL": None,
    "Null": None,
    "n/a": None,
    "N/A": None,
    "na": None,
    "NA": None,
    "无": None,
    "'-": None,
    '="null"': None,
}
IDS: Cases = {
    "zcrm_5361160000012345678": "5361160000012345678",
    "5361160000012345678": "5361160000012345678",
    "'9013808660771": "9013808660771",
    '="1690000000000000001"': "1690000000000000001",
    "\t6917000000000001": "6917000000000001",
    "１６９００１": "169001",
    "ＡＢ－１": "AB-1",
    "#1001": "#1001",
    "D-123456": "D-123456",
    "wmAbC_-x": "wmAbC_-x",
    "0012": "0012",
    "xzcrm_1": "xzcrm_1",
    "9.23E+11": "9.23E+11",
    "－": None,
    "": None,
    None: None,
}
DAMAGE: Cases = {
    "9.23E+11": True,
    "9.23457e+17": True,
    "5E17": True,
    "923.1E+9": True,
    "5.12345E17": True,
    "+8.61381E+12": True,
    "123456789012E+5": True,
    "923": False,
    "9.23": False,
    "5f0e17": False,
    # Identifiers in hexadecimal digits, of which one may be the only letter.
    "634512345678901234567e89": False,
    "63e512345678901234567889": False,
    "SKU1E5": False,
    "1E+": False,
    "E+11": False,
}
AMOUNTS: Cases = {
    "169": 169,
    "12.50": "12.5",
    "0.0001": "0.0001",
    "1.23456": "1.2346",
    "-5": -5,
    "+5": 5,
    "－５": -5,
    "−5": -5,
    "007": 7,
    "1045.0": 1045,
    "1,234.50": "1234.5",
    "-1,234,567.89": "-1234567.89",
    "１，２３４．５０": "1234.5",
    "１７９．００元": 179,
    "179.00元": 179,
    "179.00 元": 179,
    "¥1,234.50": "1234.5",
    "￥12.5": "12.5",
    "¥ 12.5": "12.5",
    "-¥12.5": "-12.5",
    "¥-12.5": "-12.5",
    "$12.5": "12.5",
    "US$12.5": "12.5",
    "HK$12.5": "12.5",
    "12.5€": "12.5",
    "£12": 12,
    "12円": 12,
    "12圆": 12,
    "CNY 12": 12,
    "12 RMB": 12,
    "12USD": 12,
    "人民币12": 12,
    "499.00（系统计算中，该值仅供参考）": 499,
    "499.00(estimate)": 499,
    "499.00元（含税）": 499,
    '="179.00"': 179,
    "'179": 179,
    "99999999999999.9999": "99999999999999.9999",
    "100000000000000": None,
    "1.234,50": None,
    "12,50": None,
    "1,2,3": None,
    "1234,": None,
    "(12.00)": None,
    "（12.00）": None,
    "499.00（a）（b）": None,
    "499.00（": None,
    "1e3": None,
    "1.23E+05": None,
    "12万": None,
    "12%": None,
    "12件": None,
    "abc": None,
    "1.2.3": None,
    "12.": None,
    ".5": None,
    "1 234": None,
    "12/15": None,
    "--5": None,
    "5-": None,
    "NaN": None,
    "元": None,
    "-": None,
    "": None,
    None: None,
}
INTEGERS: Cases = {
    "0": 0,
    "12": 12,
    "-3": -3,
    "+3": 3,
    "３": 3,
    "1,234": 1234,
    "3.0": 3,
    "3.00": 3,
    "'7": 7,
    "9223372036854775807": 9223372036854775807,
    "9223372036854775808": None,
    "3.5": None,
    "3.": None,
    "1e3": None,
    "12,34": None,
    "10秒": None,
    "three": None,
    "true": None,
    "": None,
    None: None,
}
RATES: Cases = {
    "7.1234": "7.1234",
    "1": 1,
    "0.04567891": "0.04567891",
    "0": None,
    "-7.1": None,
    "1e-2": None,
    "seven": None,
    None: None,
}
BOOLEANS: Cases = {
    "true": True,
    "True": True,
    "TRUE": True,
    "1": True,
    "１": True,
    "yes": True,
    "Yes": True,
    "y": True,
    "Y": True,
    "是": True,
    " 是 ": True,
    "false": False,
    "False": False,
    "FALSE": False,
    "0": False,
    "no": False,
    "N": False,
    "否": False,
    "perhaps": None,
    "2": None,
    "-1": None,
    "1.0": None,
    "on": None,
    "已成交": None,
    "未": None,
    "": None,
    "无": None,
    None: None,
}
PHONES: Cases = {
    "13812345678": ("+8613812345678", "usable"),
    "138 1234 5678": ("+8613812345678", "usable"),
    "138-1234-5678": ("+8613812345678", "usable"),
    "138.1234.5678": ("+8613812345678", "usable"),
    "+8613812345678": ("+8613812345678", "usable"),
    "+86 138 1234 5678": ("+8613812345678", "usable"),
    "8613812345678": ("+8613812345678", "usable"),
    "008613812345678": ("+8613812345678", "usable"),
    "86-13900000004": ("+8613900000004", "usable"),
    "(+86)13812345678": ("+8613812345678", "usable"),
    "（86）13812345678": ("+8613812345678", "usable"),
    "１３８１２３４５６７８": ("+8613812345678", "usable"),
    "\u202d13812345678\u202c": ("+8613812345678", "usable"),
    "'13812345678": ("+8613812345678", "usable"),
    '="13812345678"': ("+8613812345678", "usable"),
    "\t13812345678": ("+8613812345678", "usable"),
    "13812345678.0": ("+8613812345678", "usable"),
    "'+33612345678": ("+33612345678", "usable"),
    "'+91 98765 43210": ("+919876543210", "usable"),
    "+1 (212) 555-0100": ("+12125550100", "usable"),
    "+44 (0)20 7946 0958": ("+442079460958", "usable"),
    "0033612345678": ("+33612345678", "usable"),
    "+86 21 1234 5678": ("+862112345678", "usable"),
    "+86 10 6552 9988": ("+861065529988", "usable"),
    "008610-65529988": ("+861065529988", "usable"),
    "+81 3 1234 5678": ("+81312345678", "usable"),
    "+852 9123 4567": ("+85291234567", "usable"),
    "+86 138 1234 567": (None, "not_a_phone"),
    "+86 12812345678": (None, "not_a_phone"),
    "+86 10 6552 998": (None, "not_a_phone"),
    "+1 212 555 01000": (None, "not_a_phone"),
    "1381234567": (None, "not_a_phone"),
    "138123456789": (None, "not_a_phone"),
    "12812345678": (None, "not_a_phone"),
    "021-12345678": (None, "not_a_phone"),
    "2125550100": (None, "not_a_phone"),
    "+0123456789": (None, "not_a_phone"),
    "++8613812345678": (None, "not_a_phone"),
    "13812345678/13912345678": (None, "not_a_phone"),
    "13812345678 13912345678": (None, "not_a_phone"),
    "13812345678（张三）": (None, "not_a_phone"),
    "13812345678 ext 5": (None, "not_a_phone"),
    "tel: none": (None, "not_a_phone"),
    "0": (None, "not_a_phone"),
    "1.38123E+10": (None, "damaged_by_excel"),
    "8.61381E+12": (None, "damaged_by_excel"),
    "+8.61381E+12": (None, "damaged_by_excel"),
    "1******6198": (None, "masked"),
    "186****05": (None, "masked"),
    "186******05": (None, "masked"),
    "138****1234": (None, "masked"),
    "138＊＊＊＊1234": (None, "masked"),
    "138••••1234": (None, "masked"),
    "138xxxx1234": (None, "masked"),
    "138XXXX1234": (None, "masked"),
    "##kEXaUZ9Rk1yT4w==": (None, "masked"),
    "$$kEXaUZ9Rk1yT4w==": (None, "masked"),
    "": (None, "missing"),
    "-": (None, "missing"),
    "无": (None, "missing"),
    None: (None, "missing"),
}
EMAILS: Cases = {
    "li.na@example.com": ("li.na@example.com", "usable"),
    "Li.Na@Example.COM": ("li.na@example.com", "usable"),
    "'li.na@example.com ": ("li.na@example.com", "usable"),
    "li+shop@mail.example.com": ("li+shop@mail.example.com", "usable"),
    "ｌｉ＠example．com": ("li@example.com", "usable"),
    "李娜@例子.中国": ("李娜@例子.中国", "usable"),
    "\u200bli@example.com": ("li@example.com", "usable"),
    "l***@example.com": (None, "masked"),
    "li@***.com": (None, "masked"),
    "l•••@example.com": (None, "masked"),
    "##c2VjcmV0": (None, "masked"),
    "$$c2VjcmV0": (None, "masked"),
    "li.example.com": (None, "not_an_email"),
    "li@na@example.com": (None, "not_an_email"),
    "li@localhost": (None, "not_an_email"),
    "li@example.c": (None, "not_an_email"),
    "li@example..com": (None, "not_an_email"),
    "@example.com": (None, "not_an_email"),
    "li na@example.com": (None, "not_an_email"),
    "a@example.com;b@example.com": (None, "not_an_email"),
    "a@example.com,b": (None, "not_an_email"),
    "Li <li@example.com>": (None, "not_an_email"),
    "13812345678": (None, "not_an_email"),
    "": (None, "missing"),
    "n/a": (None, "missing"),
    None: (None, "missing"),
}
# Wall clock is that of Shanghai, eight hours east without summer time.
TIMES: Cases = {
    "2026-09-10 08:00": at("2026-09-10T00:00:00"),
    "2026-09-10 08:00:05": at("2026-09-10T00:00:05"),
    "2026-09-10 08:00:05.25": at("2026-09-10T00:00:05.250000"),
    "2026-09-10T08:00:05": at("2026-09-10T00:00:05"),
    "2026/09/10 08:00": at("2026-09-10T00:00:00"),
    "2026/9/10 8:00": at("2026-09-10T00:00:00"),
    "2026-9-1 8:05:09": at("2026-09-01T00:05:09"),
    "２０２６－０９－１０ ０８：００": at("2026-09-10T00:00:00"),
    "2026-09-10": at("2026-09-09T16:00:00"),
    "2026/9/10": at("2026-09-09T16:00:00"),
    '="2026-09-10"': at("2026-09-09T16:00:00"),
    "2026-09-10 00:00": at("2026-09-09T16:00:00"),
    "2026-09-10 23:59:59": at("2026-09-10T15:59:59"),
    "2024-02-29 12:00": at("2024-02-29T04:00:00"),
    "2026-09-10T08:00:00+08:00": at("2026-09-10T00:00:00"),
    "2026-09-10T08:00:00.123+05:30": at("2026-09-10T02:30:00.123000"),
    "2026-09-10 08:00:00 +0800": at("2026-09-10T00:00:00"),
    "2022-01-11 04:32:31 -0500": at("2022-01-11T09:32:31"),
    "2022-07-11 04:32:31 -0400": at("2022-07-11T08:32:31"),
    "2026-09-10T08:00:00Z": at("2026-09-10T08:00:00"),
    "2026-09-10T08:00:00.123456Z": at("2026-09-10T08:00:00.123456"),
    "2026-09-10 08:00:00 UTC": at("2026-09-10T08:00:00"),
    "Oct 7, 2025 6:55 PM": at("2025-10-07T10:55:00"),
    "Oct 7, 2025 6:55:09 AM": at("2025-10-06T22:55:09"),
    "oct 7, 2025 6:55 pm": at("2025-10-07T10:55:00"),
    "October 17, 2025 06:55 PM": at("2025-10-17T10:55:00"),
    "Oct 7, 2025 12:05 AM": at("2025-10-06T16:05:00"),
    "Oct 7, 2025 12:05 PM": at("2025-10-07T04:05:00"),
    "Oct 7, 2025": at("2025-10-06T16:00:00"),
    "Jan 1, 2026": at("2025-12-31T16:00:00"),
    "Dec 31, 2025": at("2025-12-30T16:00:00"),
    "2026年9月10日 8时5分": at("2026-09-10T00:05:00"),
    "2026年9月10日 8时5分30秒": at("2026-09-10T00:05:30"),
    "2026年09月10日 08:05": at("2026-09-10T00:05:00"),
    "2026年9月10日": at("2026-09-09T16:00:00"),
    "1795258800": at("2026-11-21T11:00:00"),
    "1795258800123": at("2026-11-21T11:00:00.123000"),
    "1795258800123456": at("2026-11-21T11:00:00.123456"),
    "4102444799": at("2099-12-31T23:59:59"),
    "20260910": at("2026-09-09T16:00:00"),
    "20260910080005": at("2026-09-10T00:00:05"),
    "45678": at("2025-01-20T16:00:00"),
    "45678.75": at("2025-01-21T10:00:00"),
    "45678.3333333333": at("2025-01-21T00:00:00"),
    "2026-02-29": None,
    "2026-02-29 08:00": None,
    "1900-02-29": None,
    "2026-06-31": None,
    "2026-13-01": None,
    "2026-00-10": None,
    "2026-09-10 25:00": None,
    "2026-09-10 24:00": None,
    "2026-09-10 08:60": None,
    "2026-09-10 08:00:60": None,
    "2026-09-10 08:00 +2500": None,
    "1899-12-31": None,
    "2100-01-01": None,
    "0001-01-01 00:00:00": None,
    "0000-00-00 00:00:00": None,
    "9999-12-31": None,
    "20260229": None,
    "20261301": None,
    "20260910256000": None,
    "21000101": None,
    "4102444800": None,
    "9999999999": None,
    "179525880": None,
    "17952588001": None,
    "-1795258800": None,
    "1.79526E+12": None,
    "1795258800.5": None,
    "0": None,
    "19999": None,
    "73051": None,
    "99999": None,
    "10/09/2026": None,
    "26-09-10": None,
    "7 Oct 2025": None,
    "Oct 32, 2025": None,
    "Foo 7, 2025": None,
    "Oct 7, 2025 13:55 PM": None,
    "Oct 7, 2025 0:55 PM": None,
    "Feb 29, 2026": None,
    "2026年9月": None,
    "2026年2月30日": None,
    "2026-09-10 morning": None,
    "08:00": None,
    "2026-09": None,
    "yesterday": None,
    "-": None,
    "": None,
    None: None,
}
NEW_YORK_TIMES: Cases = {
    "2026-01-10 08:00": at("2026-01-10T13:00:00"),
    "2026-07-10 08:00": at("2026-07-10T12:00:00"),
    # 02:30 did not happen on the first of these days, and 01:30 happened twice on the second.
    "2026-03-08 02:30": at("2026-03-08T07:30:00"),
    "2026-11-01 01:30": at("2026-11-01T06:30:00"),
    "2026-07-10T08:00:00+08:00": at("2026-07-10T00:00:00"),
    "1795258800": at("2026-11-21T11:00:00"),
}
DATES: Cases = {
    "2000-02-29": day("2000-02-29"),
    "2000/2/29": day("2000-02-29"),
    "2026-09-10 23:59:59": day("2026-09-10"),
    "2026-09-10T23:30:00Z": day("2026-09-10"),
    "2026-09-10T00:30:00+08:00": day("2026-09-10"),
    "20000229": day("2000-02-29"),
    "2000年2月29日": day("2000-02-29"),
    "Oct 7, 2025": day("2025-10-07"),
    "45678": day("2025-01-21"),
    # Midnight of the tenth in Shanghai.
    "1788969600": day("2026-09-10"),
    "1788969600000": day("2026-09-10"),
    "1788969599000": day("2026-09-09"),
    "1949-10-01": day("1949-10-01"),
    "2001-02-29": None,
    "1899-12-31": None,
    "29/02/2000": None,
    "2000-02": None,
    "1": None,
    "unknown": None,
    "": None,
    None: None,
}
LOCAL_TIMES: Cases = {
    "2026-09-10 08:00": at("2026-09-10T08:00:00"),
    "2026/9/10 8:00": at("2026-09-10T08:00:00"),
    "2026-09-10 08:00:00 +0800": at("2026-09-10T08:00:00"),
    "2026-02-29": None,
    "45678": None,
    None: None,
}
UTC_TIMES: Cases = {
    "2022-01-11 04:32:31 -0500": at("2022-01-11T09:32:31"),
    "2022-01-11 04:32:31 +05:30": at("2022-01-10T23:02:31"),
    "2022-01-11 04:32:31": None,
    None: None,
}

# Name -> how a cell is cleaned, how the cleaned text is typed, and its cells.
TABLES: dict[str, tuple[str, str, Cases]] = {
    "text": (FOR_PEOPLE, "text", TEXTS),
    "id": (FOR_MACHINES, "{{ to_id('text') }}", IDS),
    "damage": (FOR_MACHINES, "{{ is_damaged_by_excel('text') }}", DAMAGE),
    "amount": (FOR_MACHINES, "{{ to_amount('text') }}", AMOUNTS),
    "integer": (FOR_MACHINES, "{{ to_integer('text') }}", INTEGERS),
    "rate": (FOR_MACHINES, "{{ to_rate('text') }}", RATES),
    "boolean": (FOR_MACHINES, "{{ to_boolean('text') }}", BOOLEANS),
    "phone": (
        FOR_MACHINES, "row({{ to_phone('text') }}, {{ to_phone_state('text') }})", PHONES
    ),
    "email": (
        FOR_MACHINES, "row({{ to_email('text') }}, {{ to_email_state('text') }})", EMAILS
    ),
    "time": (FOR_MACHINES, f'{{{{ to_time("text", "{SHANGHAI}") }}}}', TIMES),
    "new_york_time": (FOR_MACHINES, f'{{{{ to_time("text", "{NEW_YORK}") }}}}', NEW_YORK_TIMES),
    "date": (FOR_MACHINES, f'{{{{ to_date("text", "{SHANGHAI}") }}}}', DATES),
    "local_time": (FOR_PEOPLE, "{{ to_local_time('text') }}", LOCAL_TIMES),
    "utc_time": (FOR_PEOPLE, "{{ to_utc('text') }}", UTC_TIMES),
}  # fmt: skip
KINDS = {
    "text": "VARCHAR", "id": "VARCHAR", "damage": "BOOLEAN", "amount": "DECIMAL(18,4)",
    "integer": "BIGINT", "rate": "DECIMAL(18,8)", "boolean": "BOOLEAN", "time": "TIMESTAMP",
    "date": "DATE",
}  # fmt: skip


# Texts of few signs, most of which cleaning minds somewhere.
SIGNS = " \t\r\n\u00a0\u3000\ufeff\u200b\u202d=\"'-—nNaAulL/无0+.（王x"
DICE = random.Random(7)  # noqa: S311
SHUFFLED = sorted({"".join(DICE.choices(SIGNS, k=DICE.randrange(7))) for _ in range(20_000)})


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """Every table as a model of dbt, all of them built in one run."""
    desk = Desk(tmp_path_factory.mktemp("typing") / "project")
    for name, (cleaned, typed, cases) in TABLES.items():
        rows = [{"number": number, "raw": raw} for number, raw in enumerate(cases)]
        desk.tables[f"cells.{name}"] = Table({"number": "integer", "raw": "varchar"}, rows)
        desk.models[f"typed_{name}"] = (
            "{{ config(materialized='table') }} "
            f"with cleaned as (select number, {cleaned} as text "
            f"from {{{{ source('cells', '{name}') }}}}) "
            f"select number, {typed} as answer from cleaned"
        )
    rows = [{"raw": raw} for raw in SHUFFLED]
    desk.tables["cells.shuffled"] = Table({"raw": "varchar"}, rows)
    desk.models["shortened"] = (
        "{{ config(materialized='table') }} select raw, {{ is_plain('raw') }} as is_plain, "
        "{{ to_text('raw') }} as shortened, {{ cleaned_text('raw') }} as step_by_step "
        "from {{ source('cells', 'shuffled') }}"
    )
    desk.build()
    return desk


@pytest.fixture(scope="module")
def answers(desk: Desk) -> dict[str, dict[str | None, Any]]:
    """What each macro answered, by table and raw cell."""
    return {
        name: dict(
            zip(
                cases,
                (row[0] for row in desk.rows(f"select answer from typed_{name} order by number")),
                strict=True,
            )
        )
        for name, (_, _, cases) in TABLES.items()
    }


def test_text_that_is_left_as_it_is_is_what_cleaning_step_by_step_would_leave(desk: Desk) -> None:
    rows = desk.rows("select * from shortened")
    assert [row for row in rows if row[2] != row[3]] == []
    assert len(rows) == len(SHUFFLED)
    assert all(raw == shortened for raw, is_plain, shortened, _ in rows if is_plain)
    plain = sum(is_plain for _, is_plain, *_ in rows)
    assert 0.1 < plain / len(rows) < 0.9


def cells(name: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("raw", TABLES[name][2], ids=lambda raw: repr(raw))


@cells("text")
def test_text_loses_guards_and_margins_and_is_none_where_it_says_nothing(answers, raw):
    assert answers["text"][raw] == TEXTS[raw]


@cells("id")
def test_an_id_is_text_without_the_prefix_and_the_guards_of_an_export(answers, raw):
    assert answers["id"][raw] == IDS[raw]


@cells("damage")
def test_a_number_that_excel_made_a_power_of_ten_is_told_from_an_id(answers, raw):
    assert answers["damage"][raw] is DAMAGE[raw]


@cells("amount")
def test_an_amount_is_one_number_with_decoration_or_none(answers, raw):
    expected = AMOUNTS[raw]
    assert answers["amount"][raw] == (None if expected is None else Decimal(expected))


@cells("integer")
def test_an_integer_is_a_whole_number_or_none(answers, raw):
    assert answers["integer"][raw] == INTEGERS[raw]


@cells("rate")
def test_a_rate_is_a_positive_number_or_none(answers, raw):
    expected = RATES[raw]
    assert answers["rate"][raw] == (None if expected is None else Decimal(expected))


@cells("boolean")
def test_a_boolean_is_a_word_that_leaves_no_doubt_or_none(answers, raw):
    assert answers["boolean"][raw] is BOOLEANS[raw]


@cells("phone")
def test_a_phone_is_international_or_none_and_says_why(answers, raw):
    assert tuple(answers["phone"][raw]) == PHONES[raw]


@cells("email")
def test_an_address_is_lower_case_or_none_and_says_why(answers, raw):
    assert tuple(answers["email"][raw]) == EMAILS[raw]


@cells("time")
def test_a_time_is_a_moment_in_utc_or_none(answers, raw):
    assert answers["time"][raw] == TIMES[raw]


@cells("new_york_time")
def test_wall_clock_of_a_zone_with_summer_time_is_one_moment(answers, raw):
    assert answers["new_york_time"][raw] == NEW_YORK_TIMES[raw]


@cells("date")
def test_a_date_is_the_day_as_written_or_none(answers, raw):
    assert answers["date"][raw] == DATES[raw]


@cells("local_time")
def test_a_local_time_is_the_clock_as_written_without_its_offset(answers, raw):
    assert answers["local_time"][raw] == LOCAL_TIMES[raw]


@cells("utc_time")
def test_a_time_with_an_offset_is_moved_to_utc(answers, raw):
    assert answers["utc_time"][raw] == UTC_TIMES[raw]


@pytest.mark.parametrize("name", KINDS)
def test_a_macro_answers_with_the_type_that_its_name_promises(desk, name):
    types = dict(desk.rows(f"select column_name, column_type from (describe typed_{name})"))
    assert types["answer"] == KINDS[name]
