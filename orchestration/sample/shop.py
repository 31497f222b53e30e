"""The second shop: nightly order lines in a plain CSV, with late corrections and returns.

Belongs here: the file's columns, restated orders, credit orders and guests.
Does not belong here: who buys what (orders.py).
"""

import datetime
from collections.abc import Iterator
from pathlib import Path

from orchestration.sample.arrays import scatter
from orchestration.sample.catalogue import Catalogue
from orchestration.sample.files import SampleFile, TruthRow, write_csv
from orchestration.sample.orders import NOBODY, Orders
from orchestration.sample.people import People
from orchestration.sample.shop_book import ShopBook, Statement, draw_shop_book, statements
from orchestration.sample.spec import SampleSpec, Stream
from orchestration.sample.spelling import draw_contacts, draw_names, money

SYSTEM = "shop"

_LABELS = (
    "order_id,line_id,customer_id,ordered_at,product_id,product_name,category,brand,quantity,"
    "unit_price,order_amount,phone,email,currency,customer_name"
)
HEADER = tuple(_LABELS.split(","))

FEWEST_CUSTOMER_DIGITS = 6
# Accounts without a name: what is fetched or downloaded needs none.
NAMELESS_SHARE = 0.2


class ShopExports:
    """All orders of one sample's second shop, ready to be exported for any night."""

    def __init__(
        self, spec: SampleSpec, people: People, placed: Orders, catalogue: Catalogue
    ) -> None:
        """Draw the book of the orders `placed` in this shop, which are in order of time."""
        rng = spec.generator(Stream.SHOP_CONTACTS)
        self._spec = spec
        self._people = people
        self._products = catalogue.products
        self._book: ShopBook = draw_shop_book(spec, placed, catalogue)
        # The shop stores the number without any mark.
        self._contacts = draw_contacts(rng, people, str)
        digits = max(FEWEST_CUSTOMER_DIGITS, len(str(people.count)))
        numbers = scatter(people.count, digits, int(rng.integers(10**digits))).tolist()
        self._customer_id = [f"S{number:0{digits}d}" for number in numbers]
        self._name = draw_names(rng, people, NAMELESS_SHARE)
        self._product: list[int] = self._book.orders.product.tolist()
        self._line_start: list[int] = self._book.orders.line_start.tolist()

    def truth(self) -> Iterator[TruthRow]:
        """Yield one row per customer, and one per guest order: it names no customer."""
        book = self._book
        known: set[int] = set()
        orders = zip(
            book.order_id, book.orders.person.tolist(), book.is_guest.tolist(), strict=True
        )
        for order_id, person, is_guest in orders:
            if is_guest:
                person_id = "" if person == NOBODY else self._people.person_id[person]
                yield TruthRow(person_id, SYSTEM, order_id, "", "")
            elif person not in known:
                known.add(person)
                yield TruthRow(
                    self._people.person_id[person],
                    SYSTEM,
                    self._customer_id[person],
                    self._contacts.phone[person],
                    self._contacts.email[person],
                )

    def write(self, folder: Path) -> Iterator[SampleFile]:
        """Write one file per night into `folder`, oldest night first."""
        first, *_ = self._spec.night_dates()
        for night in self._spec.night_dates():
            path = folder / f"order_lines_{night.isoformat()}.csv"
            count = write_csv(path, HEADER, self._rows_of(night, whole_history=night == first))
            yield SampleFile(path, SYSTEM, night, count)

    def _rows_of(self, night: datetime.date, whole_history: bool) -> Iterator[list[str]]:
        for statement in statements(self._book, night, whole_history):
            yield from self._order_rows(statement)

    def _order_rows(self, statement: Statement) -> Iterator[list[str]]:
        index = statement.order
        person = int(self._book.orders.person[index])
        is_guest = bool(self._book.is_guest[index])
        start, end = self._line_start[index], self._line_start[index + 1]
        lines = [self._products[product] for product in self._product[start:end]]
        sold = list(zip(lines, statement.quantities, strict=True))
        amount = sum(product.price * quantity for product, quantity in sold)
        for number, (product, quantity) in enumerate(sold, start=1):
            yield [
                statement.order_id,
                f"{statement.order_id}-{number}",
                "" if is_guest else self._customer_id[person],
                statement.ordered_at,
                product.product_id,
                product.name,
                product.category,
                product.brand,
                str(quantity),
                money(product.price),
                money(amount),
                "" if is_guest else self._contacts.phone[person],
                "" if is_guest else self._contacts.email[person],
                self._spec.currency,
                "" if is_guest else self._name[person],
            ]
