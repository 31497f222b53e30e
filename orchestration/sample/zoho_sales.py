"""Sales in Zoho: companies, products, deals, and the orders and invoices of those that were won.

Belongs here: what becomes of a deal and when. Does not belong here: who the buyer was before
(zoho_leads.py), and the files (zoho_modules.py).
"""

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from orchestration.sample.catalogue import Catalogue
from orchestration.sample.names import PLACES
from orchestration.sample.spec import SampleSpec, Stream
from orchestration.sample.zoho import KnownContact
from orchestration.sample.zoho_leads import Lead, account_name, deal_name
from orchestration.sample.zoho_records import (
    Cells,
    Module,
    Money,
    RecordId,
    Table,
    Value,
    accounts_in,
    end_of,
    known_by,
    later,
    owned,
    pair,
    pair_labels,
    record_id,
    stamped,
)

_BY = pair_labels("Created By", "Modified By")
_STAMPS = ("Created Time", "Modified Time")
_TOTALS = ("Sub Total", "Discount", "Tax", "Adjustment", "Grand Total")
ACCOUNT_LABELS = (
    "Record Id", *pair_labels("Account Owner"), "Account Name", "Account Number", "Account Type",
    "Industry", "Phone", "Website", "Employees", "Annual Revenue", "Billing Street",
    "Billing City", "Billing State", "Billing Code", "Billing Country", *_BY, *_STAMPS, "Tag",
)  # fmt: skip
PRODUCT_LABELS = (
    "Record Id", *pair_labels("Product Owner"), "Product Name", "Product Code",
    "Product Category", "Manufacturer", "Unit Price", "Qty in Stock", "Product Active", "Taxable",
    *_BY, *_STAMPS, "Tag",
)  # fmt: skip
DEAL_LABELS = (
    "Record Id", *pair_labels("Deal Owner"), "Amount", "Deal Name", "Closing Date",
    *pair_labels("Account Name"), "Stage", *pair_labels("Contact Name"), "Probability (%)",
    "Expected Revenue", "Pipeline", "Type", "Lead Source", "Next Step", "Description", *_BY,
    *_STAMPS, "Last Activity Time", "Currency", "Exchange Rate", "Reason For Loss", "Tag",
)  # fmt: skip
ORDER_LABELS = (
    "Record Id", *pair_labels("Sales Order Owner"), "SO Number", "Subject", "Status",
    *pair_labels("Account Name", "Contact Name", "Deal Name"), "Due Date", *_TOTALS, "Currency",
    "Exchange Rate", *_BY, *_STAMPS, "Tag",
)  # fmt: skip
LINE_LABELS = (
    "Record Id", "Parent.id", "Parent", *pair_labels("Product Name"), "Quantity", "List Price",
    "Amount", "Discount", "Tax", "Total", "Description", *_STAMPS,
)  # fmt: skip
INVOICE_LABELS = (
    "Record Id", *pair_labels("Invoice Owner"), "Invoice Number", "Subject", "Status",
    *pair_labels("Sales Order", "Account Name", "Contact Name"), "Invoice Date", "Due Date",
    *_TOTALS, "Currency", "Exchange Rate", *_BY, *_STAMPS, "Tag",
)  # fmt: skip

# Stages with their chance in percent, and how many deals end how.
STAGES = {
    "Qualification": 10, "Proposal/Price Quote": 75, "Negotiation/Review": 90,
    "Closed Won": 100, "Closed Lost": 0,
}  # fmt: skip
WON_SHARE, LOST_SHARE = 0.55, 0.30
STEP_DAYS = (1, 10)
INVOICE_DAYS = (1, 3)
MOST_LINES, MOST_PIECES, FEWEST_PIECES = 3, 20, 2
PERCENT = 100
# Companies and products were there before anybody bought.
DAYS_BEFORE_HISTORY = 200
LOSS_REASONS = ("价格", "竞争对手", "暂无需求")
LOST_DESCRIPTION = '客户说"太贵",\n下个季度再联系'
INDUSTRIES = ("零售", "餐饮", "教育", "科技")


@dataclass(frozen=True)
class Deal:
    """One deal: its stages with the moment of each, and what it is about."""

    lead: Lead
    contact: KnownContact
    steps: tuple[tuple[datetime.datetime, str], ...]
    lines: tuple[tuple[int, int], ...]
    amount: int

    @property
    def number(self) -> int:
        """Its number, which is that of its lead."""
        return self.lead.number

    @property
    def won_at(self) -> datetime.datetime | None:
        """When it was won, if ever."""
        at, stage = self.steps[-1]
        return at if stage == "Closed Won" else None


class SalesBook:
    """All sales of one sample, ready to be dumped for any night."""

    def __init__(self, spec: SampleSpec, leads: Sequence[Lead], catalogue: Catalogue) -> None:
        """Draw the deals of the leads that have one."""
        self._spec = spec
        self._catalogue = catalogue
        self._founded = datetime.datetime.combine(
            spec.history_start - datetime.timedelta(days=DAYS_BEFORE_HISTORY), datetime.time(9)
        )
        rng = spec.generator(Stream.ZOHO_DEALS)
        self.deals = tuple(_draw_deals(rng, [x for x in leads if x.has_deal], catalogue))
        won = [(deal, deal.won_at) for deal in self.deals if deal.won_at]
        billed = later(rng, [at for _, at in won], *INVOICE_DAYS)
        self._orders = [self._order(deal, at) for deal, at in won]
        self._lines = [line for deal, at in won for line in self._order_lines(deal, at)]
        self._invoices = [
            self._invoice(deal, at) for (deal, _), at in zip(won, billed, strict=True)
        ]

    def tables(self, night: datetime.date) -> Iterator[Table]:
        """Yield every module of sales as it stands at the end of `night`."""
        yield Table("Accounts", ACCOUNT_LABELS, list(self._accounts()))
        yield Table("Products", PRODUCT_LABELS, list(self._products()))
        yield Table("Deals", DEAL_LABELS, self.deal_cells(self.deals, end_of(night)))
        yield Table("Sales_Orders", ORDER_LABELS, known_by(self._orders, night))
        yield Table("Ordered Items", LINE_LABELS, known_by(self._lines, night))
        yield Table("Invoices", INVOICE_LABELS, known_by(self._invoices, night))

    def deal_cells(self, deals: Sequence[Deal], at: datetime.datetime) -> list[Cells]:
        """Return those of `deals` that exist at a moment, as they stand then."""
        return [self._deal(deal, at) for deal in deals if deal.steps[0][0] <= at]

    def _accounts(self) -> Iterator[Cells]:
        for number in range(accounts_in(self._spec)):
            place = PLACES[number % len(PLACES)]
            yield {
                "Record Id": record_id(Module.ACCOUNTS, number),
                "Account Name": account_name(number), "Account Type": "Customer",
                "Account Number": f"C{number + 1:05d}",
                "Industry": INDUSTRIES[number % len(INDUSTRIES)],
                "Phone": f"+86 21 6{number % 10**7:07d}", "Billing City": place.city,
                "Billing State": place.province, "Billing Code": place.postcode,
                "Billing Country": "中国", "Employees": 20 + number % 180,
                "Tag": "VIP" if number % 5 == 0 else "",
                **owned("Account Owner", number), **stamped(self._founded),
            }  # fmt: skip

    def _products(self) -> Iterator[Cells]:
        for number, product in enumerate(self._catalogue.products):
            yield {
                "Record Id": record_id(Module.PRODUCTS, number), "Product Name": product.name,
                "Product Code": product.sku, "Product Category": product.category,
                "Manufacturer": product.brand, "Unit Price": Money(product.price),
                "Qty in Stock": Money(PERCENT * PERCENT), "Product Active": True, "Taxable": True,
                **owned("Product Owner", number), **stamped(self._founded),
            }  # fmt: skip

    def _deal(self, deal: Deal, at: datetime.datetime) -> dict[str, Value]:
        changed_at, stage = [step for step in deal.steps if step[0] <= at][-1]
        is_lost = stage == "Closed Lost"
        cells: dict[str, Value] = {
            "Record Id": record_id(Module.DEALS, deal.number),
            "Deal Name": deal_name(deal.contact.name), "Stage": stage,
            "Amount": Money(deal.amount), "Pipeline": "Standard (Standard)",
            "Probability (%)": STAGES[stage],
            "Expected Revenue": Money(deal.amount * STAGES[stage] // PERCENT),
            # Staff move the date on with each step, and forget to.
            "Closing Date": changed_at.date(), "Type": "New Business", "Next Step": "",
            "Lead Source": deal.lead.cells(at)["Lead Source"], "Last Activity Time": changed_at,
            "Reason For Loss": LOSS_REASONS[deal.number % len(LOSS_REASONS)] if is_lost else "",
            "Description": LOST_DESCRIPTION if is_lost else "", **self._currency(),
        }  # fmt: skip
        cells |= self._buyer(deal) | owned("Deal Owner", deal.number)
        return cells | stamped(deal.steps[0][0], changed_at)

    def _currency(self) -> dict[str, Value]:
        return {"Currency": self._spec.currency, "Exchange Rate": "1.000000000"}

    def _buyer(self, deal: Deal) -> dict[str, Value]:
        account = deal.lead.account
        company: RecordId | None = None
        if account is not None:
            company = record_id(Module.ACCOUNTS, account)
        cells = pair("Account Name", company, account_name(account or 0))
        return cells | pair("Contact Name", RecordId(deal.contact.record_id), deal.contact.name)

    def _order(self, deal: Deal, at: datetime.datetime) -> dict[str, Value]:
        cells: dict[str, Value] = {
            "Record Id": record_id(Module.SALES_ORDERS, deal.number),
            "SO Number": f"SO-{deal.number + 1:06d}", "Subject": deal_name(deal.contact.name),
            "Status": "Approved", "Due Date": at.date(), **self._currency(), **_totals(deal),
        }  # fmt: skip
        cells |= self._buyer(deal) | owned("Sales Order Owner", deal.number) | stamped(at)
        deal_id = record_id(Module.DEALS, deal.number)
        return cells | pair("Deal Name", deal_id, deal_name(deal.contact.name))

    def _order_lines(self, deal: Deal, at: datetime.datetime) -> Iterator[dict[str, Value]]:
        for position, (product, pieces) in enumerate(deal.lines):
            price = self._catalogue.products[product].price
            name = self._catalogue.products[product].name
            yield {
                "Record Id": record_id(Module.ORDERED_ITEMS, deal.number * MOST_LINES + position),
                "Parent.id": record_id(Module.SALES_ORDERS, deal.number),
                "Parent": deal_name(deal.contact.name), "Quantity": Money(pieces * PERCENT),
                "List Price": Money(price), "Amount": Money(price * pieces), "Discount": Money(0),
                "Tax": Money(0), "Total": Money(price * pieces), **stamped(at),
                **pair("Product Name", record_id(Module.PRODUCTS, product), name),
            }  # fmt: skip

    def _invoice(self, deal: Deal, at: datetime.datetime) -> dict[str, Value]:
        cells: dict[str, Value] = {
            "Record Id": record_id(Module.INVOICES, deal.number),
            "Invoice Number": f"INV-{deal.number + 1:06d}",
            "Subject": deal_name(deal.contact.name), "Status": "Paid", "Invoice Date": at.date(),
            "Due Date": at.date(), **self._currency(), **_totals(deal),
        }  # fmt: skip
        cells |= self._buyer(deal) | owned("Invoice Owner", deal.number) | stamped(at)
        order = record_id(Module.SALES_ORDERS, deal.number)
        return cells | pair("Sales Order", order, deal_name(deal.contact.name))


def _totals(deal: Deal) -> dict[str, Value]:
    cells: dict[str, Value] = {label: Money(0) for label in _TOTALS}
    return cells | {"Sub Total": Money(deal.amount), "Grand Total": Money(deal.amount)}


def _draw_deals(
    rng: np.random.Generator, leads: Sequence[Lead], catalogue: Catalogue
) -> Iterator[Deal]:
    count = len(leads)
    opened = [lead.converted_at for lead in leads if lead.converted_at]
    quoted = later(rng, opened, *STEP_DAYS)
    negotiated = later(rng, quoted, *STEP_DAYS)
    closed = later(rng, negotiated, *STEP_DAYS)
    fate = rng.random(count).tolist()
    lines = rng.integers(1, MOST_LINES + 1, size=count).tolist()
    products = rng.integers(len(catalogue.products), size=(count, MOST_LINES)).tolist()
    pieces = rng.integers(FEWEST_PIECES, MOST_PIECES + 1, size=(count, MOST_LINES)).tolist()
    for index, lead in enumerate(leads):
        if lead.contact is None:
            continue
        moments = (opened[index], quoted[index], negotiated[index], closed[index])
        end = "Closed Won" if fate[index] < WON_SHARE else "Closed Lost"
        names = ("Qualification", "Proposal/Price Quote", "Negotiation/Review", end)
        is_closed = fate[index] < WON_SHARE + LOST_SHARE
        chosen = tuple(zip(products[index], pieces[index], strict=True))[: lines[index]]
        yield Deal(
            lead=lead,
            contact=lead.contact,
            steps=tuple(zip(moments, names, strict=True))[: None if is_closed else -1],
            lines=chosen,
            amount=sum(catalogue.products[product].price * number for product, number in chosen),
        )
