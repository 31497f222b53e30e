"""Who a population is made of, and what is truly theirs; one object per person.

Belongs here: persons and the groups whose members are easily taken for one another. Does not belong
here: what a system writes down of them (records.py) and how (spelling.py).
"""

import datetime as dt
from dataclasses import dataclass, field, replace

from population import names
from population.draws import Chance

# Shares of people. The groups are drawn one after another from whoever is left; of a customer base,
# since both people of a group have to be customers of the same company. Hostility multiplies them.
WESTERN_SHARE = 0.10
NO_EMAIL_SHARE = 0.25
TWO_CHARACTERS_SHARE = 0.85
GROUP_SHARES = {
    # One in fifty shares a phone with a customer of the family: couples, and parents who order.
    "family_phone": 0.02,
    "family_email": 0.004,
    # Twins are 2 % of people; both customers, on their parents' phone, a twentieth of them.
    "twins": 0.001,
    "father_and_son": 0.001,
    "shared_tablet": 0.01,
    # A number comes back after 90 days and some 5 % do so in a year; that the stranger who gets it
    # is a customer too is a matter of the company's share of the market, taken as a few per cent.
    "recycled_number": 0.004,
    "small_office": 0.02,
    "switchboard": 0.04,
}
# Groups that are families.
FAMILIES = {"family_phone", "family_email", "twins", "father_and_son", "shared_tablet"}
# Shares of people to whom something happens, whatever group they are in.
TWO_ACCOUNTS_SHARE = 0.01
JOB_CHANGER_SHARE = 0.06
NUMBER_CHANGER_SHARE = 0.08
# People on the line of one switchboard or store: at least, and at most, if there are so many.
SWITCHBOARD_PEOPLE = (50, 5_000)
SWITCHBOARD_PART = 4
OFFICE_PEOPLE = (3, 9)
HOUSEHOLD_PEOPLE = (2, 4)
FIRST_BIRTH = dt.date(1950, 1, 1)
BIRTH_DAYS = 20_000
CHILD_YEARS = 25
DAYS_OF_A_YEAR = 365
PREFIXES = ("130", "131", "135", "136", "137", "138", "139", "150", "151", "152", "158", "159",
            "166", "176", "177", "180", "185", "186", "187", "188", "189", "191",
            "199")  # fmt: skip
AREAS = ("10", "20", "21", "22", "23", "24", "25", "27", "28", "29", "571", "512", "755", "532")
PROVIDERS = ("qq.com", "qq.com", "163.com", "163.com", "126.com", "gmail.com", "gmail.com",
             "outlook.com", "hotmail.com", "icloud.com", "foxmail.com", "sina.com")  # fmt: skip


@dataclass
class Person:
    """One person. Phones are mainland mobiles of eleven digits, addresses in lower case.

    `old_phone` and `old_email` were theirs before; `lent` holds values that others use as well, by
    the trap they make: a family's phone, a switchboard, a tablet.
    """

    number: int
    is_western: bool
    family: str
    given: str
    family_latin: str
    given_latin: tuple[str, ...]
    birth_date: dt.date
    phone: str
    email: str | None
    old_phone: str | None = None
    old_email: str | None = None
    has_two_accounts: bool = False
    traps: set[str] = field(default_factory=set)
    lent: dict[str, str] = field(default_factory=dict)
    family_members: list["Person"] = field(default_factory=list, repr=False)


class Town:
    """Draws people, and gives each number and address away only once."""

    def __init__(self, chance: Chance) -> None:
        """Draw from `chance`."""
        self.chance = chance
        self._given_away: set[str] = set()

    def phone(self) -> str:
        """A mobile that nobody has."""
        while True:
            tail = self.chance.digits(8)
            phone = self.chance.one_of(PREFIXES) + tail
            if self._is_free(phone) and len(set(tail)) > 3 and "2345678" not in phone:
                return phone

    def landline(self) -> str:
        """A landline that nobody has, with its area code and without the zero before it."""
        while True:
            area = self.chance.one_of(AREAS)
            number = area + self.chance.one_of("5678") + self.chance.digits(7)
            if self._is_free(number) and len(set(number)) > 4 and "2345678" not in number:
                return number

    def email(self, person: Person) -> str:
        """An address that nobody has, made of the person's name as most are."""
        given = "".join(person.given_latin).lower()
        family = person.family_latin.lower().replace("'", "").replace("ü", "ue")
        while True:
            joint = self.chance.one_of(("", ".", "_", "."))
            mailbox = self.chance.one_of((f"{given}{joint}{family}", f"{family}{joint}{given}"))
            mailbox += str(self.chance.below(9_999)) if self.chance.hit(0.8) else ""
            email = f"{mailbox}@{self.chance.one_of(PROVIDERS)}"
            if self._is_free(email.replace(".", "")):
                return email

    def person(self, number: int) -> Person:
        """Somebody new."""
        chance = self.chance
        is_western = chance.hit(WESTERN_SHARE)
        family, family_latin = chance.near_the_front(names.FAMILY)
        characters = [chance.near_the_front(names.GIVEN)]
        if chance.hit(TWO_CHARACTERS_SHARE):
            characters.append(chance.near_the_front(names.GIVEN))
        given, given_latin = "".join(c for c, _ in characters), tuple(p for _, p in characters)
        if is_western:
            family_latin = family = chance.one_of(names.WESTERN_FAMILY)
            given = chance.one_of(names.WESTERN_GIVEN)
            given_latin = (given,)
        born = FIRST_BIRTH + dt.timedelta(days=chance.below(BIRTH_DAYS))
        someone = Person(
            number, is_western, family, given, family_latin, given_latin, born, self.phone(), None
        )
        if not chance.hit(NO_EMAIL_SHARE):
            someone.email = self.email(someone)
        return someone

    def _is_free(self, value: str) -> bool:
        if value in self._given_away:
            return False
        self._given_away.add(value)
        return True


def draw_people(count: int, chance: Chance, hostility: float = 1) -> list[Person]:
    """Draw `count` people, their groups, and what changed in their lives."""
    town = Town(chance)
    people = [town.person(number) for number in range(count)]
    left = iter(people)
    for trap, share in GROUP_SHARES.items():
        until = max(int(count * share * hostility), OFFICE_PEOPLE[1])
        while until > 0:
            group = [
                person for _, person in zip(range(size_of(trap, until, town)), left, strict=False)
            ]
            if len(group) < HOUSEHOLD_PEOPLE[0]:
                break
            GROUPS[trap](town, group)
            for person in group:
                person.traps.add(trap)
                if trap in FAMILIES:
                    person.family_members = [other for other in group if other is not person]
            until -= len(group)
    for person in people:
        live(town, person)
    return people


def size_of(trap: str, left: int, town: Town) -> int:
    """How many people the next group of a trap has, where so many are to be in such groups yet."""
    if trap in ("twins", "father_and_son", "shared_tablet", "recycled_number"):
        return HOUSEHOLD_PEOPLE[0]
    if trap == "switchboard":
        # One very large one first; what is left over goes to the last.
        smallest, largest = SWITCHBOARD_PEOPLE
        size = min(max(left // SWITCHBOARD_PART, smallest), largest)
        return left if left - size < smallest else size
    smallest, largest = OFFICE_PEOPLE if trap == "small_office" else HOUSEHOLD_PEOPLE
    return smallest + town.chance.below(largest - smallest + 1)


def share_phone(town: Town, group: list[Person]) -> None:
    """One phone in the family that others give as well; most bear one family name."""
    for person in group[1:]:
        if person.is_western == group[0].is_western and town.chance.hit(0.7):
            person.family, person.family_latin = group[0].family, group[0].family_latin
        person.lent["family_phone"] = group[0].phone


def share_email(town: Town, group: list[Person]) -> None:
    """One mailbox of the family."""
    mailbox = group[0].email or town.email(group[0])
    for person in group:
        person.lent["family_email"] = mailbox


def make_twins(town: Town, group: list[Person]) -> None:
    """Brothers and sisters of one birth date who use their parents' phone."""
    share_phone(town, group)
    one, other = group
    one.is_western = other.is_western = False
    twin = town.person(one.number)
    while twin.is_western:
        twin = town.person(one.number)
    for person in group:
        person.family, person.family_latin = twin.family, twin.family_latin
        person.birth_date = twin.birth_date
        first = names.GIVEN[len(twin.given) * one.number % len(names.GIVEN)]
        last = names.GIVEN[(one.number + 7 * person.number) % len(names.GIVEN)]
        person.given, person.given_latin = first[0] + last[0], (first[1], last[1])


def make_father_and_son(town: Town, group: list[Person]) -> None:
    """A son who has his father's name but for one character, and gives his father's phone."""
    father, son = group
    father.is_western = son.is_western = False
    family, family_latin = town.chance.near_the_front(names.FAMILY)
    first, last, other = (town.chance.near_the_front(names.GIVEN) for _ in range(3))
    while last[0] == other[0]:
        other = town.chance.near_the_front(names.GIVEN)
    for person, character in ((father, last), (son, other)):
        person.family, person.family_latin = family, family_latin
        person.given, person.given_latin = first[0] + character[0], (first[1], character[1])
    son.birth_date = father.birth_date + dt.timedelta(days=CHILD_YEARS * DAYS_OF_A_YEAR)
    son.lent["family_phone"] = father.phone


def share_tablet(town: Town, group: list[Person]) -> None:
    """Parent and child, each with a login of their own, on one tablet."""
    tablet = f"tablet-{group[0].number}-{town.chance.digits(6)}"
    for person in group:
        person.lent["shared_tablet"] = tablet


def recycle_number(town: Town, group: list[Person]) -> None:
    """Somebody gave a number back, and a stranger was given it."""
    former, owner = group
    former.old_phone, former.phone = former.phone, town.phone()
    owner.phone = former.old_phone


def share_office(town: Town, group: list[Person]) -> None:
    """Colleagues with one line on their desks."""
    line = town.landline()
    for person in group:
        person.lent["small_office"] = line


def share_switchboard(town: Town, group: list[Person]) -> None:
    """A company's line, or the phone of a store that its clerks type in for those who give none."""
    line = town.landline() if town.chance.hit(0.5) else town.phone()
    for person in group:
        person.lent["switchboard"] = line


def live(town: Town, person: Person) -> None:
    """Let somebody change job or number, or open a second account."""
    if person.email and town.chance.hit(JOB_CHANGER_SHARE):
        person.old_email = town.email(person)
        person.traps.add("job_changer")
    if not person.old_phone and not person.traps and town.chance.hit(NUMBER_CHANGER_SHARE):
        person.old_phone = town.phone()
        person.traps.add("number_changer")
    if town.chance.hit(TWO_ACCOUNTS_SHARE):
        person.has_two_accounts = True
        person.traps.add("two_wechat_accounts")


def relative_of(person: Person, chance: Chance) -> Person:
    """Somebody of the family: a customer too, or whoever bears the name and is none."""
    if person.family_members:
        return chance.one_of(person.family_members)
    given, given_latin = chance.near_the_front(names.GIVEN)
    if person.is_western:
        given = given_latin = chance.one_of(names.WESTERN_GIVEN)
    return replace(person, given=given, given_latin=(given_latin,))


GROUPS = {
    "family_phone": share_phone,
    "family_email": share_email,
    "twins": make_twins,
    "father_and_son": make_father_and_son,
    "shared_tablet": share_tablet,
    "recycled_number": recycle_number,
    "small_office": share_office,
    "switchboard": share_switchboard,
}
