"""The records that systems have of a population: what each states, and which traps it holds.

Belongs here: shapes of systems, and how often each knows somebody. Does not belong here: the people
(people.py), and the spelling of values (spelling.py).
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field

from population.draws import Chance
from population.people import Person, relative_of
from population.spelling import mask, write_email, write_name, write_phone, write_remark

# Shares of people whom a system knows.
SYSTEM_SHARES = {
    "zoho_contact": 0.45,
    "zoho_lead": 0.30,
    "fxiaoke_customer": 0.25,
    "fxiaoke_contact": 0.15,
    "fxiaoke_lead": 0.12,
    "wecom_friend": 0.35,
    "shopify_account": 0.20,
    "shopify_buyer": 0.15,
    "shop_buyer": 0.25,
    "marketplace_buyer": 0.40,
    "youzan_account": 0.20,
    "member": 0.35,
}
MOST_RECORDS = 7
# Shares of records that state a value, of those who have one.
STATES_PHONE = 0.85
STATES_EMAIL = 0.65
STATES_BIRTH_DATE = 0.30
BIRTH_DATE_SLIP = 0.005
CONVERTED = 0.5
NOTED_PHONE = 0.7
MASKED = 0.85
# Shopify asks for the name of whoever pays by card; wallets and orders by hand leave it blank.
STATES_BILLING_NAME = 0.95
# Parcels need a name, and shops export it; what is downloaded or fetched has none.
SHOP_STATES_NAME = 0.8
# Where a marketplace shows the phone of the receiver, it shows the name as well, with few
# exceptions.
SHOWS_RECEIVER = 0.9
# Orders that somebody of the family pays, or that go to them: a card or a parcel in twenty-five.
SOMEBODY_ELSES = 0.04
# A buyer in three comes back, with two more orders on average; whose orders state two names is
# given none.
COMES_BACK = 0.33
ORDERS_OF_WHO_COMES_BACK = 3
# A club asks for a name on registration and takes a member without one.
CLUB_KNOWS_NAME = 0.5
# Staff are told to put the real name in place of the nickname, and somewhat more than half of the
# friends have been renamed.
RENAMED = 0.55
SIGNS_IN = 0.6
SECOND_DEVICE = 0.4
# Shares of records in which a value that others use as well stands instead of the own one.
LENT = {"family_phone": 0.35, "family_email": 0.35, "small_office": 0.4, "switchboard": 0.4}
# Who registers there enters a code that the phone is sent: there is one account for a number.
ONE_ACCOUNT_PER_PHONE = {"loyalty", "youzan.customer"}
# Share of records that are older than a change of number or job.
OLD_SHARE = 0.45


@dataclass
class Book:
    """Rows of the four tables of a population."""

    records: list[tuple[str, str, str, str | None, dt.date | None, int]] = field(
        default_factory=list
    )
    contacts: list[tuple[str, str | None, str | None]] = field(default_factory=list)
    accounts: list[tuple[str, str, str]] = field(default_factory=list)
    traps: set[tuple[str, str]] = field(default_factory=set)
    keys: set[str] = field(default_factory=set)
    registered: set[tuple[str, str]] = field(default_factory=set)
    # Whose a device is; a number below zero is nobody.
    devices: dict[str, int] = field(default_factory=dict)


@dataclass
class Record:
    """One record while it is written."""

    book: Book
    chance: Chance
    person: Person
    key: str
    system: str
    kind: str
    is_old: bool

    def add(self, *, named: bool = False, dated: bool = False, remarked: bool = False) -> None:
        """Write the record itself; who is `remarked` is called something by staff."""
        person, name, born = self.person, None, None
        if remarked:
            name = self.trapped(write_remark(self.chance, person))
        elif named:
            name = self.trapped(write_name(self.chance, person))
        elif self.kind != "login":
            self.tag("nameless")
        if dated and self.chance.hit(STATES_BIRTH_DATE):
            born = person.birth_date
            if self.chance.hit(BIRTH_DATE_SLIP):
                born += dt.timedelta(days=1)
                self.tag("birth_date_slip")
        self.book.records.append((self.key, self.system, self.kind, name, born, person.number))
        for trap in ("twins", "father_and_son"):
            if trap in person.traps:
                self.tag(trap)

    def order(self, *, named: float) -> None:
        """Write a buyer whose orders state a name in so many cases, at times a relative's."""
        is_named = self.chance.hit(named)
        orders = ORDERS_OF_WHO_COMES_BACK if self.chance.hit(COMES_BACK) else 1
        elses = sum(self.chance.hit(SOMEBODY_ELSES) for _ in range(orders))
        if is_named and 0 < elses < orders:
            self.tag("relatives_name")
            is_named = False
        if is_named and elses:
            self.tag("relatives_name")
            owner, self.person = self.person, relative_of(self.person, self.chance)
            self.add(named=True)
            self.person = owner
            return
        self.add(named=is_named)

    def tag(self, trap: str) -> None:
        """Note a trap of the record."""
        self.book.traps.add((self.key, trap))

    def trapped(self, written: tuple[str | None, str | None]) -> str | None:
        """The text, its trap noted."""
        text, trap = written
        if trap:
            self.tag(trap)
        return text

    def phone(self) -> str:
        """The number that the person gives here: an old one, somebody else's, or their own."""
        person = self.person
        for trap in ("family_phone", "small_office", "switchboard"):
            if trap in person.lent and self.chance.hit(LENT[trap]):
                self.tag(trap)
                return person.lent[trap]
        for trap in person.traps & {"family_phone", "recycled_number"}:
            self.tag(trap)
        if person.old_phone and self.is_old:
            self.tag_change()
            return person.old_phone
        return person.phone

    def registered(self, phone: str) -> str | None:
        """The number under which the account stands; where that is taken, their own or none."""
        place = self.key.split(":")[0]
        if place not in ONE_ACCOUNT_PER_PHONE:
            return phone
        for number in (phone, self.person.phone):
            if (place, number) not in self.book.registered:
                self.book.registered.add((place, number))
                return number
        return None

    def email(self) -> str | None:
        """The address that the person gives here."""
        person = self.person
        if "family_email" in person.lent and self.chance.hit(LENT["family_email"]):
            self.tag("family_email")
            return person.lent["family_email"]
        if person.old_email and self.is_old:
            self.tag_change()
            return person.old_email
        return person.email

    def tag_change(self) -> None:
        """Note that the record is from before a change."""
        for trap in self.person.traps & {"job_changer", "number_changer", "recycled_number"}:
            self.tag(trap)

    def state(self, phone: float = STATES_PHONE, email: float = STATES_EMAIL) -> None:
        """Write down how the person is reached, if the record says so."""
        number = address = None
        if self.chance.hit(phone):
            given = self.registered(self.phone())
            number = self.trapped(write_phone(self.chance, given)) if given else None
        owned = self.email() if self.chance.hit(email) else None
        if owned:
            address = self.trapped(write_email(self.chance, owned))
        self.book.contacts.append((self.key, number, address))

    def account(self, kind: str, value: str) -> None:
        """Write down what a system itself says."""
        self.book.accounts.append((self.key, kind, value))


def new_record(book: Book, chance: Chance, person: Person, key: str, kind: str) -> Record:
    """Start a record; its system is the part of its key before the first dot or colon."""
    book.keys.add(key)
    system = key.split(":")[0].split(".")[0]
    return Record(book, chance, person, key, system, kind, chance.hit(OLD_SHARE))


def zoho_contact(book: Book, chance: Chance, person: Person) -> None:
    record = new_record(book, chance, person, f"zoho:c{person.number}", "contact")
    record.add(named=True, dated=True)
    record.state()
    if chance.hit(0.1):
        # A second address that the form has room for.
        record.state(phone=0, email=1)


def zoho_lead(book: Book, chance: Chance, person: Person) -> None:
    record = new_record(book, chance, person, f"zoho.lead:l{person.number}", "lead")
    record.add(named=True)
    record.state()
    if f"zoho:c{person.number}" in book.keys and chance.hit(CONVERTED):
        record.account("record", f"zoho:c{person.number}")
        record.tag("conversion")


def fxiaoke_customer(book: Book, chance: Chance, person: Person) -> None:
    record = new_record(book, chance, person, f"fxiaoke:a{person.number}", "account")
    record.add(named=True)
    record.state(email=0.3)


def fxiaoke_contact(book: Book, chance: Chance, person: Person) -> None:
    record = new_record(book, chance, person, f"fxiaoke.contact:k{person.number}", "contact")
    record.add(named=True, dated=True)
    record.state(email=0.4)


def fxiaoke_lead(book: Book, chance: Chance, person: Person) -> None:
    record = new_record(book, chance, person, f"fxiaoke.lead:s{person.number}", "lead")
    record.add(named=True)
    record.state(email=0.2)
    contact = f"fxiaoke.contact:k{person.number}"
    if contact in book.keys and chance.hit(CONVERTED):
        record.account("record", contact)
        record.tag("conversion")


def wecom_friend(book: Book, chance: Chance, person: Person) -> None:
    for number in range(1 + person.has_two_accounts):
        key = f"wecom:w{person.number}-{number}"
        record = new_record(book, chance, person, key, "friend")
        record.add(remarked=chance.hit(RENAMED))
        record.account("unionid", f"u{person.number}-{number}")
        record.state(phone=NOTED_PHONE, email=0)
        if person.has_two_accounts:
            record.tag("two_wechat_accounts")


def shopify_account(book: Book, chance: Chance, person: Person) -> None:
    key = f"shopify.customer:{70_000_000 + person.number}"
    record = new_record(book, chance, person, key, "account")
    record.add(named=True)
    record.state(phone=0.5, email=0.95)


def shopify_buyer(book: Book, chance: Chance, person: Person) -> None:
    # Known by what the order states; two who state the same are one record, and the first's.
    value = person.email or f"+86{person.phone}"
    key = f"shopify:{value}"
    if key in book.keys:
        return
    record = new_record(book, chance, person, key, "buyer")
    record.order(named=STATES_BILLING_NAME)
    book.contacts.append((key, person.phone if chance.hit(0.6) else None, person.email))


def shop_buyer(book: Book, chance: Chance, person: Person) -> None:
    record = new_record(book, chance, person, f"shop:b{person.number}", "buyer")
    record.order(named=SHOP_STATES_NAME)
    record.state(phone=0.9, email=0.2)


def marketplace_buyer(book: Book, chance: Chance, person: Person) -> None:
    system = chance.one_of(("taobao", "jd", "douyin", "youzan"))
    record = new_record(book, chance, person, f"{system}:m{person.number}", "buyer")
    is_masked = chance.hit(MASKED)
    record.order(named=0 if is_masked else SHOWS_RECEIVER)
    if is_masked:
        record.tag("phone_masked")
        book.contacts.append((record.key, mask(record.phone()), None))
    else:
        record.state(phone=1, email=0)


def youzan_account(book: Book, chance: Chance, person: Person) -> None:
    key = f"youzan.customer:y{person.number}"
    record = new_record(book, chance, person, key, "account")
    # Most go by what they call themselves in WeChat, which the export masks.
    record.add(named=chance.hit(0.5), dated=True)
    record.state(phone=0.95, email=0)
    if chance.hit(0.2):
        record.account("unionid", f"u{person.number}-0")


def member(book: Book, chance: Chance, person: Person) -> None:
    login = f"1{person.number:07d}"
    record = new_record(book, chance, person, f"loyalty:{login}", "member")
    record.add(named=chance.hit(CLUB_KNOWS_NAME))
    record.account("login", f"member:{login}")
    record.state(phone=0.9, email=0.3)
    if not chance.hit(SIGNS_IN):
        return
    # Whoever shares a tablet visits the same site on it.
    is_shared = "shared_tablet" in person.lent
    system = "segment" if is_shared else chance.one_of(("segment", "sensors", "ga4"))
    signed_in = new_record(book, chance, person, f"{system}.login:{login}", "login")
    signed_in.add()
    signed_in.account("login", f"member:{login}")
    for number in range(1 + chance.hit(SECOND_DEVICE)):
        device = person.lent.get("shared_tablet") if number == 0 else None
        see_device(signed_in, device or f"d{person.number}-{number}")


def see_device(login: Record, device: str) -> None:
    """Note a device that a login was seen on; one that two people use is nobody's."""
    book, value = login.book, f"{login.system}:{device}"
    login.account("device", value)
    key = f"{login.system}.device:{device}"
    if key in book.keys:
        book.devices[key] = -len(book.keys)
        login.tag("shared_tablet")
        book.traps.add((key, "shared_tablet"))
        return
    book.keys.add(key)
    book.devices[key] = login.person.number
    book.accounts.append((key, "device", value))


SYSTEMS: dict[str, Callable[[Book, Chance, Person], None]] = {
    "zoho_contact": zoho_contact,
    "zoho_lead": zoho_lead,
    "fxiaoke_customer": fxiaoke_customer,
    "fxiaoke_contact": fxiaoke_contact,
    "fxiaoke_lead": fxiaoke_lead,
    "wecom_friend": wecom_friend,
    "shopify_account": shopify_account,
    "shopify_buyer": shopify_buyer,
    "shop_buyer": shop_buyer,
    "marketplace_buyer": marketplace_buyer,
    "youzan_account": youzan_account,
    "member": member,
}


def write_records(people: list[Person], chance: Chance) -> Book:
    """Write down everybody, each in one system at least and in seven at most."""
    book = Book()
    for person in people:
        known = [system for system, share in SYSTEM_SHARES.items() if chance.hit(share)]
        for system in known[:MOST_RECORDS] or ["zoho_contact"]:
            SYSTEMS[system](book, chance, person)
    for key, owner in book.devices.items():
        book.records.append((key, key.split(".")[0], "device", None, None, owner))
    return book
