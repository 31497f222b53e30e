"""How people and systems write down a name, a phone or an e-mail, right and wrong.

Belongs here: one function per kind of value, each returning the raw text and the trap it fell into,
if any. Does not belong here: which record holds which value (records.py).
"""

from population.draws import Chance
from population.people import Person

# Shares of written values.
PINYIN_SHARE = 0.06
NAME_NOISE = {
    "name_order": 0.03,
    "name_slip": 0.01,
    "name_case": 0.03,
    "name_width": 0.004,
    "name_honorific": 0.03,
    "name_spacing": 0.01,
    "name_initials": 0.006,
    "name_nickname": 0.03,
    "name_remark": 0.004,
}
# What staff call a friend. They sort and remember by it: a third of the names has something to it.
REMARKS = {
    # How they address somebody, which is no name.
    "remark_address": 0.15,
    # What the contact was called in WeChat when added, and is not any more.
    "remark_nickname": 0.05,
    "remark_decorated": 0.30,
}
# Seven of these ten could be a name, as most nicknames of two or three characters could.
NICKNAMES = ("夏天", "安静", "高飞", "周末", "时光", "明月", "开心就好", "阳光", "小鱼", "云淡风轻")
PHONE_NOISE_SHARE = 0.15
DAMAGED_SHARE = 0.01
BLOCKED_SHARE = 0.01
EMAIL_NOISE = {
    "email_case": 0.05,
    "email_dots": 0.02,
    "email_plus": 0.02,
    "email_typo": 0.005,
    "email_blocked": 0.008,
    "email_masked": 0.004,
}
HONORIFICS = ("先生", "女士", "小姐", "老师", "经理", "总")
LATIN_HONORIFICS = ("Mr. ", "Ms. ", "Dr. ", "Mrs ")
BLOCKED_PHONES = ("13800138000", "11111111111", "13812345678", "13900000000", "18888888888")
BLOCKED_EMAILS = ("test@test.com", "noreply@example.com", "123456@qq.com", "none@none.com",
                  "no-reply@qq.com", "a@localhost.local")  # fmt: skip
WIDE = str.maketrans(
    "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ+-",
    "０１２３４５６７８９ａｂｃｄｅｆｇｈｉｊｋｌｍｎｏｐｑｒｓｔｕｖｗｘｙｚＡＢＣＤＥＦＧＨＩＪＫＬＭＮＯＰＱＲＳＴＵＶＷＸＹＺ＋－",
)

Written = tuple[str | None, str | None]


def one_trap(chance: Chance, shares: dict[str, float]) -> str | None:
    """At most one of the traps, each in its share of cases."""
    draw = chance.below(1_000_000) / 1_000_000
    for trap, share in shares.items():
        if draw < share:
            return trap
        draw -= share
    return None


def slip(chance: Chance, word: str) -> str:
    """The word with two letters swapped, one left out or one doubled."""
    if len(word) < 3:
        return word
    at = 1 + chance.below(len(word) - 2)
    return chance.one_of(
        (
            word[:at] + word[at + 1] + word[at] + word[at + 2 :],
            word[:at] + word[at + 1 :],
            word[: at + 1] + word[at:],
        )
    )


def write_name(chance: Chance, person: Person) -> Written:
    """A person's name as somebody typed it."""
    trap = one_trap(chance, NAME_NOISE)
    if person.is_western or chance.hit(PINYIN_SHARE):
        text, kept = write_latin(chance, person, trap)
        return text, kept or (None if person.is_western else "name_pinyin")
    return write_chinese(chance, person, trap)


def write_latin(chance: Chance, person: Person, trap: str | None) -> Written:
    """A name in Latin letters, given name first unless it is swapped."""
    family = person.family_latin
    given = "".join(person.given_latin).capitalize()
    if trap == "name_spacing" and not person.is_western:
        given = " ".join(part.capitalize() for part in person.given_latin)
    written = {
        None: f"{given} {family}",
        "name_order": f"{family}, {given}",
        "name_slip": f"{given} {slip(chance, family)}",
        "name_case": f"{given} {family}".upper()
        if chance.hit(0.5)
        else f"{given} {family}".lower(),
        "name_width": f"{given}　{family}".translate(WIDE),
        "name_honorific": chance.one_of(LATIN_HONORIFICS) + f"{given} {family}",
        "name_spacing": f"{given}  {family} ",
        "name_initials": f"{given[0]}. {family}",
        "name_nickname": given,
        "name_remark": f"{given} {family} (VIP)",
    }
    return written[trap], trap


def write_chinese(chance: Chance, person: Person, trap: str | None) -> Written:
    """A name in characters; case and order have no meaning there."""
    name = person.family + person.given
    written = {
        "name_slip": name[:-1] + chance.one_of("明华文英军丽"),
        "name_honorific": name + chance.one_of(HONORIFICS),
        "name_spacing": f"{person.family}　{person.given}",
        "name_nickname": chance.one_of(
            (
                f"{person.family}总",
                f"小{person.family}",
                f"{person.family}{chance.one_of(HONORIFICS)}",
            )
        ),
        "name_remark": name + chance.one_of(("（VIP）", "(老客户)", "-上海")),
        "name_initials": person.family + "*" * len(person.given),
    }
    if trap not in written or written[trap] == name:
        return name, None
    return written[trap], trap


def write_remark(chance: Chance, person: Person) -> Written:
    """A friend as staff wrote them down."""
    trap = one_trap(chance, REMARKS)
    if trap == "remark_address":
        return f"{person.family}{chance.one_of(('姐', '哥', '总', '阿姨', '老师', '老板'))}", trap
    if trap == "remark_nickname":
        return chance.one_of(NICKNAMES), trap
    name, slipped = write_name(chance, person)
    if trap == "remark_decorated":
        spelt = ("-老客户", " 13800138000", " VIP", "（已成交）", "-杭州", "-成都")
        return f"{name}{chance.one_of(spelt)}", slipped or trap
    return name, slipped


def write_phone(chance: Chance, phone: str) -> Written:
    """A mainland number as somebody typed it, as Excel left it, or something instead of it."""
    if chance.hit(DAMAGED_SHARE):
        return f"{float(phone):.5E}", "phone_damaged"
    if chance.hit(BLOCKED_SHARE):
        return chance.one_of(BLOCKED_PHONES), "phone_blocked"
    if is_landline(phone):
        return f"+86{phone}", None
    if not chance.hit(PHONE_NOISE_SHARE):
        return phone, None
    spaced = f"{phone[:3]} {phone[3:7]} {phone[7:]}"
    return chance.one_of(
        (f"+86 {spaced}", spaced, f"0086{phone}", f"86-{phone}", phone.translate(WIDE), f"'{phone}",
         f"+86{phone}", f"{phone}.0", spaced.replace(" ", "-"), f"(+86){phone}")
    ), "phone_spelling"  # fmt: skip


def is_landline(phone: str) -> bool:
    """Whether the number starts with an area code instead of a mobile's 1."""
    return not phone.startswith("1") or len(phone) != 11


def mask(phone: str) -> str:
    """A phone as marketplaces show it."""
    return f"{phone[:3]}****{phone[-4:]}"


def write_email(chance: Chance, email: str) -> Written:
    """An address as somebody typed it, or something instead of it."""
    trap = one_trap(chance, EMAIL_NOISE)
    mailbox, domain = email.split("@")
    if trap == "email_case":
        return email.upper() if chance.hit(0.3) else f"{mailbox.title()}@{domain}", trap
    if trap == "email_dots" and domain == "gmail.com":
        return f"{mailbox[:3]}.{mailbox[3:]}@gmail.com".replace("..", "."), trap
    if trap == "email_plus" and domain in ("gmail.com", "outlook.com", "hotmail.com", "icloud.com"):
        return f"{mailbox}+{chance.one_of(('shop', 'news', 'vip'))}@{domain}", trap
    if trap == "email_typo":
        return f"{slip(chance, mailbox)}@{domain}", trap
    if trap == "email_blocked":
        return chance.one_of(BLOCKED_EMAILS), trap
    if trap == "email_masked":
        return f"{mailbox[:2]}***@{domain}", trap
    return email, None
