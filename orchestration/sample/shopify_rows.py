"""The rows of a Shopify orders export: one per line item, the order's own cells on the first.

Belongs here: the 79 columns of the export since about 2023 and how an order fills them.
Does not belong here: which orders a file holds (shopify.py).
"""

import datetime
from collections.abc import Iterator

import numpy as np

from orchestration.sample.arrays import Ints, Moments
from orchestration.sample.catalogue import Catalogue, Product
from orchestration.sample.orders import NOBODY
from orchestration.sample.people import People
from orchestration.sample.shopify_book import ShopifyBook
from orchestration.sample.spec import SampleSpec
from orchestration.sample.spelling import Contacts, money
from orchestration.sample.timeline import datetimes, day_number, day_numbers, offset_text

_LABELS = (
    "Name,Email,Financial Status,Paid at,Fulfillment Status,Fulfilled at,Accepts Marketing,"
    "Currency,Subtotal,Shipping,Taxes,Total,Discount Code,Discount Amount,Shipping Method,"
    "Created at,Lineitem quantity,Lineitem name,Lineitem price,Lineitem compare at price,"
    "Lineitem sku,Lineitem requires shipping,Lineitem taxable,Lineitem fulfillment status,"
    "Billing Name,Billing Street,Billing Address1,Billing Address2,Billing Company,"
    "Billing City,Billing Zip,Billing Province,Billing Country,Billing Phone,Shipping Name,"
    "Shipping Street,Shipping Address1,Shipping Address2,Shipping Company,Shipping City,"
    "Shipping Zip,Shipping Province,Shipping Country,Shipping Phone,Notes,Note Attributes,"
    "Cancelled at,Payment Method,Payment Reference,Refunded Amount,Vendor,"
    "Outstanding Balance,Employee,Location,Device ID,Id,Tags,Risk Level,Source,"
    "Lineitem discount,Tax 1 Name,Tax 1 Value,Tax 2 Name,Tax 2 Value,Tax 3 Name,Tax 3 Value,"
    "Tax 4 Name,Tax 4 Value,Tax 5 Name,Tax 5 Value,Phone,Receipt Number,Duties,"
    "Billing Province Name,Shipping Province Name,Payment ID,Payment Terms Name,"
    "Next Payment Due At,Payment References"
)
HEADER = tuple(_LABELS.split(","))

DISCOUNT_CODE = "WELCOME10"
PAYMENT_METHODS = ("Alipay", "WeChat Pay", "UnionPay")
# Every so many orders carry a gift note, whose cell holds a line break as real ones do.
GIFT_EVERY = 12
# Every so many people did not tick the newsletter box.
NO_MARKETING_EVERY = 3


class ShopifyRows:
    """Turns orders of the book into export rows, as they read on a given night."""

    def __init__(
        self,
        spec: SampleSpec,
        people: People,
        contacts: Contacts,
        book: ShopifyBook,
        catalogue: Catalogue,
    ) -> None:
        """Keep what the rows of every night have in common."""
        self._spec = spec
        self._people = people
        self._contacts = contacts
        self._book = book
        self._catalogue = catalogue
        self._person: list[int] = book.orders.person.tolist()
        self._line_start: list[int] = book.orders.line_start.tolist()
        self._product: list[int] = book.orders.product.tolist()
        self._quantity: list[int] = book.orders.quantity.tolist()
        self._line_discount: list[int] = book.line_discount.tolist()
        self._created = [
            offset_text(moment, spec.zone) for moment in datetimes(book.orders.placed_at)
        ]

    def export(self, orders: Ints, night: datetime.date) -> Iterator[list[str]]:
        """Yield the rows of these orders, in this order, as known at the end of `night`."""
        refunded = self._book.refunded_until(day_number(night)).tolist()
        cancelled = self._known(self._book.cancelled_at, orders, night)
        fulfilled = self._known(self._book.fulfilled_at, orders, night)
        for index, called_off, sent in zip(orders.tolist(), cancelled, fulfilled, strict=True):
            shared = self._shared_cells(index)
            status = "fulfilled" if sent else "pending"
            for line in range(self._line_start[index], self._line_start[index + 1]):
                cells = shared | self._line_cells(line, status)
                if line == self._line_start[index]:
                    cells |= self._order_cells(index)
                    cells |= self._state_cells(index, refunded[index], called_off, sent)
                yield [cells.get(label, "") for label in HEADER]

    def _known(self, moments: Moments, orders: Ints, night: datetime.date) -> list[str]:
        """Return the texts of these orders' moments, empty if not yet or not at all."""
        chosen = moments[orders]
        seen = ~np.isnat(chosen)
        seen[seen] = day_numbers(chosen[seen]) <= day_number(night)
        texts = iter([offset_text(moment, self._spec.zone) for moment in datetimes(chosen[seen])])
        return [next(texts) if is_seen else "" for is_seen in seen.tolist()]

    def _shared_cells(self, index: int) -> dict[str, str]:
        cells = {"Name": self._book.name[index], "Created at": self._created[index]}
        person = self._person[index]
        if person != NOBODY:
            cells["Email"] = self._contacts.email[person]
            cells["Phone"] = self._contacts.phone[person]
        return cells

    def _line_cells(self, line: int, status: str) -> dict[str, str]:
        product: Product = self._catalogue.products[self._product[line]]
        return {
            "Lineitem quantity": str(self._quantity[line]),
            "Lineitem name": product.name,
            "Lineitem price": money(product.price),
            "Lineitem sku": product.sku,
            "Lineitem requires shipping": "true",
            "Lineitem taxable": "true",
            "Lineitem fulfillment status": status,
            "Lineitem discount": money(self._line_discount[line]),
            "Vendor": product.brand,
        }

    def _order_cells(self, index: int) -> dict[str, str]:
        book = self._book
        discount = int(book.discount[index])
        # Not by position: where a walk-in stands depends on the number of nights.
        number = int(book.order_id[index])
        cells = {
            "Paid at": self._created[index],
            "Currency": self._spec.currency,
            "Subtotal": money(int(book.subtotal[index])),
            "Shipping": money(int(book.shipping[index])),
            "Taxes": money(int(book.tax[index])),
            "Total": money(int(book.total[index])),
            "Discount Code": DISCOUNT_CODE if discount else "",
            "Discount Amount": money(discount),
            "Shipping Method": "Standard",
            "Note Attributes": "gift: yes\nwrapping: red" if number % GIFT_EVERY == 0 else "",
            "Payment Method": PAYMENT_METHODS[number % len(PAYMENT_METHODS)],
            "Payment Reference": f"c{book.order_id[index]}.1",
            "Outstanding Balance": money(0),
            "Id": book.order_id[index],
            "Risk Level": "Low",
            "Tax 1 Name": "Cross-border retail tax 9.1%",
            "Tax 1 Value": money(int(book.tax[index])),
        }
        return cells | self._buyer_cells(index)

    def _buyer_cells(self, index: int) -> dict[str, str]:
        person = self._person[index]
        if person == NOBODY:
            return {"Accepts Marketing": "no", "Source": "pos"}
        place = self._people.place[person]
        address = {
            "Name": self._people.full_name[person],
            "Street": self._people.address[person],
            "Address1": self._people.address[person],
            "City": place.city,
            # Guarded as in newer exports, or a spreadsheet would read it as a number.
            "Zip": f"'{place.postcode}",
            "Province": place.code,
            "Country": "CN",
            "Phone": self._contacts.phone[person],
            "Province Name": place.province,
        }
        cells = {
            f"{kind} {label}": value
            for kind in ("Billing", "Shipping")
            for label, value in address.items()
        }
        cells["Accepts Marketing"] = "yes" if person % NO_MARKETING_EVERY else "no"
        cells["Source"] = "web"
        return cells

    def _state_cells(
        self, index: int, refunded: int, cancelled: str, fulfilled: str
    ) -> dict[str, str]:
        status = "paid"
        if refunded:
            is_whole = refunded == int(self._book.total[index])
            status = "refunded" if is_whole else "partially_refunded"
        return {
            "Financial Status": status,
            "Fulfillment Status": "fulfilled" if fulfilled else "unfulfilled",
            "Fulfilled at": fulfilled,
            "Cancelled at": cancelled,
            "Refunded Amount": money(refunded),
        }
