"""Shopify: nightly order exports, the history first and then a moving window.

Belongs here: the file's columns, its continuation rows, and which orders a night's file holds.
Does not belong here: amounts and refunds (shopify_book.py).
"""

import datetime
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from orchestration.sample.arrays import Ints
from orchestration.sample.catalogue import Catalogue
from orchestration.sample.files import SampleFile, TruthRow, write_csv
from orchestration.sample.orders import NOBODY, Orders
from orchestration.sample.people import People
from orchestration.sample.shopify_book import ShopifyBook, draw_shopify_book
from orchestration.sample.shopify_rows import HEADER, ShopifyRows
from orchestration.sample.spec import SampleSpec, Stream
from orchestration.sample.spelling import Contacts, draw_contacts, shopify_phone
from orchestration.sample.timeline import day_number, day_numbers, exported_at

SYSTEM = "shopify"

WINDOW_DAYS = 30
# Newer exports guard some phones against being read as numbers.
GUARDED_SHARE = 0.3


class ShopifyExports:
    """All orders of one sample's Shopify shop, ready to be exported for any night."""

    def __init__(
        self, spec: SampleSpec, people: People, placed: Orders, catalogue: Catalogue
    ) -> None:
        """Draw the book of the orders `placed` in this shop, which are in order of time."""
        self._spec = spec
        self._people = people
        self._book = draw_shopify_book(spec, placed, catalogue)
        self._contacts = _draw_guarded(spec.generator(Stream.SHOPIFY_CONTACTS), people)
        self._rows = ShopifyRows(spec, people, self._contacts, self._book, catalogue)

    def truth(self) -> Iterator[TruthRow]:
        """Yield one row per order: the export has no customer id, so each order is a record."""
        people = self._book.orders.person.tolist()
        for name, person in zip(self._book.name, people, strict=True):
            if person == NOBODY:
                yield TruthRow("", SYSTEM, name, "", "")
            else:
                phone, email = self._contacts.phone[person], self._contacts.email[person]
                yield TruthRow(self._people.person_id[person], SYSTEM, name, phone, email)

    def write(self, folder: Path) -> Iterator[SampleFile]:
        """Write one export and its `.exported_at` sidecar per night, oldest night first.

        The sidecar says when: Shopify's own file names carry a counter and no date.
        """
        for number, night in enumerate(self._spec.night_dates(), start=1):
            path = folder / f"orders_export_{number}.csv"
            chosen = exported_orders(self._book, night, whole_history=number == 1)
            count = write_csv(path, HEADER, self._rows.export(chosen, night))
            sidecar = path.with_name(f"{path.name}.exported_at")
            stamp = exported_at(night, self._spec.zone)
            sidecar.write_text(f"{stamp}\n", encoding="utf-8", newline="\n")
            yield SampleFile(path, SYSTEM, night, count)


def exported_orders(book: ShopifyBook, night: datetime.date, whole_history: bool) -> Ints:
    """Return the orders in a night's file, newest first.

    The first file holds the history up to that night; later ones the last 30 days, plus older
    orders that got a refund that night.
    """
    day = day_number(night)
    placed = day_numbers(book.orders.placed_at)
    chosen = placed <= day
    if not whole_history:
        chosen &= (placed > day - WINDOW_DAYS) | book.changed_on(day)
    index = np.flatnonzero(chosen)
    newest_first = np.lexsort((index, book.orders.placed_at[index]))[::-1]
    found: Ints = index[newest_first]
    return found


def _draw_guarded(rng: np.random.Generator, people: People) -> Contacts:
    contacts = draw_contacts(rng, people, shopify_phone)
    guarded = (rng.random(people.count) < GUARDED_SHARE).tolist()
    phones = [
        f"'{phone}" if phone and guard else phone
        for phone, guard in zip(contacts.phone, guarded, strict=True)
    ]
    return Contacts(tuple(phones), contacts.email)
