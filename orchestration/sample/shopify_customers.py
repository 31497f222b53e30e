"""Shopify: nightly all customers of the shop, beside its orders.

Belongs here: the file's columns, ids and guards. Does not belong here: orders (shopify.py).
"""

import datetime
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from orchestration.sample.arrays import Ints, scatter
from orchestration.sample.catalogue import Catalogue
from orchestration.sample.files import SampleFile, TruthRow, write_csv
from orchestration.sample.orders import NOBODY, Orders
from orchestration.sample.people import People
from orchestration.sample.shopify import SYSTEM
from orchestration.sample.shopify_book import draw_shopify_book
from orchestration.sample.shopify_rows import NO_MARKETING_EVERY
from orchestration.sample.spec import SampleSpec, Stream
from orchestration.sample.spelling import draw_contacts, money, shopify_phone
from orchestration.sample.timeline import day_number, day_numbers, exported_at

_LABELS = (
    "Customer ID,First Name,Last Name,Email,Accepts Email Marketing,Default Address Company,"
    "Default Address Address1,Default Address Address2,Default Address City,"
    "Default Address Province Code,Default Address Country Code,Default Address Zip,"
    "Default Address Phone,Phone,Accepts SMS Marketing,Total Spent,Total Orders,Note,Tax Exempt,"
    "Tags"
)
HEADER = tuple(_LABELS.split(","))

# Ids have 13 digits and stand behind an apostrophe.
ID_PREFIX = "90"
OWN_DIGITS = 11
SMS_EVERY = 5
# Every so many customers have a note, whose cell holds a line break as real ones do.
NOTE_EVERY = 40
# Every so many customers were tagged.
TAGGED_EVERY = 30


class ShopifyCustomerExports:
    """Everybody who has ordered from one sample's Shopify shop, as of any night."""

    def __init__(
        self, spec: SampleSpec, people: People, placed: Orders, catalogue: Catalogue
    ) -> None:
        """Draw ids for the buyers of the orders `placed`, which are in order of time."""
        rng = spec.generator(Stream.MARKETPLACES)
        self._spec = spec
        self._people = people
        book = draw_shopify_book(spec, placed, catalogue)
        known = np.flatnonzero(book.orders.person != NOBODY)
        self._person: Ints = book.orders.person[known]
        self._day: Ints = day_numbers(book.orders.placed_at[known])
        self._total: Ints = book.total[known]
        # The same generator as the orders', so that both exports hold the same contact points.
        contacts = draw_contacts(spec.generator(Stream.SHOPIFY_CONTACTS), people, shopify_phone)
        self._contacts = contacts
        own = scatter(people.count, OWN_DIGITS, int(rng.integers(10**OWN_DIGITS))).tolist()
        self._ids = [f"{ID_PREFIX}{number:0{OWN_DIGITS}d}" for number in own]

    def truth(self) -> Iterator[TruthRow]:
        """Yield one row per customer."""
        for person in np.unique(self._person).tolist():
            phone, email = self._contacts.phone[person], self._contacts.email[person]
            person_id = self._people.person_id[person]
            yield TruthRow(person_id, SYSTEM, self._ids[person], phone, email)

    def write(self, folder: Path) -> Iterator[SampleFile]:
        """Write one export and its `.exported_at` sidecar per night, oldest night first."""
        for number, night in enumerate(self._spec.night_dates(), start=1):
            rows = list(self._rows_of(night))
            if not rows:
                continue
            path = folder / f"customers_export_{number}.csv"
            count = write_csv(path, HEADER, rows)
            sidecar = path.with_name(f"{path.name}.exported_at")
            stamp = exported_at(night, self._spec.zone)
            sidecar.write_text(f"{stamp}\n", encoding="utf-8", newline="\n")
            yield SampleFile(path, SYSTEM, night, count)

    def _rows_of(self, night: datetime.date) -> Iterator[list[str]]:
        placed = self._day <= day_number(night)
        person, total = self._person[placed], self._total[placed]
        count = np.bincount(person, minlength=self._people.count)
        spent = np.zeros(self._people.count, dtype=np.int64)
        np.add.at(spent, person, total)
        for buyer in np.flatnonzero(count).tolist():
            cells = self._about(buyer) | {
                "Total Spent": money(int(spent[buyer])),
                "Total Orders": str(count[buyer]),
            }
            yield [cells.get(label, "") for label in HEADER]

    def _about(self, person: int) -> dict[str, str]:
        people, place = self._people, self._people.place[person]
        phone = self._contacts.phone[person]
        guarded = f"'{phone}" if phone else ""
        return {
            "Customer ID": f"'{self._ids[person]}",
            "First Name": people.given[person],
            "Last Name": people.family[person],
            "Email": self._contacts.email[person],
            "Accepts Email Marketing": "yes" if person % NO_MARKETING_EVERY else "no",
            "Default Address Address1": people.address[person],
            "Default Address City": place.city,
            "Default Address Province Code": place.code,
            "Default Address Country Code": "CN",
            "Default Address Zip": f"'{place.postcode}",
            "Default Address Phone": guarded,
            "Phone": guarded,
            "Accepts SMS Marketing": "yes" if person % SMS_EVERY == 0 and phone else "no",
            "Note": "likes gifts\ncall first" if person % NOTE_EVERY == 0 else "",
            "Tax Exempt": "no",
            "Tags": "VIP, newsletter" if person % TAGGED_EVERY == 0 else "",
        }
