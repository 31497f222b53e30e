"""Fxiaoke's objects around a sale: opportunity, order, order line, return, payment and product.

Belongs here: how they read over the OpenAPI, and when they change.
Does not belong here: who orders what (fxiaoke_sales.py).
"""

import datetime
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from zoneinfo import ZoneInfo

from orchestration.sample.catalogue import Catalogue, Product
from orchestration.sample.fxiaoke_accounts import Account
from orchestration.sample.fxiaoke_documents import (
    LIVE,
    UNDER_REVIEW,
    VOIDED,
    Document,
    Kind,
    Record,
    epoch,
    epoch_of_date,
    object_id,
)
from orchestration.sample.fxiaoke_sales import MOST_LINES, LostChance, Moment, Sale
from orchestration.sample.names import STAFF
from orchestration.sample.spelling import money

# Codes with the labels beside them. Of the order's, 7 is the one that is known.
CONFIRMED = {"order_status": "7", "order_status__r": "已确认"}
IN_REVIEW = {"order_status": "6", "order_status__r": "确认中"}
OPEN = {"sales_status": "1", "sales_status__r": "进行中"}
WON = {"sales_status": "2", "sales_status__r": "赢单"}
LOST = {"sales_status": "3", "sales_status__r": "输单"}
TERMS = (("1", "银行转账"), ("2", "微信"), ("3", "支付宝"))
REASONS = (("1", "质量问题"), ("2", "发错货"), ("3", "其他"))
# A product is tagged as a best seller one after another, so that some nights have news.
DAYS_BETWEEN_TAGS = 9
NEW_TAG, BEST_TAG = "新品", "热销"
# Opportunities without an order are numbered behind all that have one.
LOST_NUMBERS = 1 << 22
UNIT = "件"


@dataclass(frozen=True)
class SalesObjects:
    """The records of every sale; `start` is when the products were entered."""

    accounts: dict[int, Account]
    catalogue: Catalogue
    sales: Sequence[Sale]
    lost: Sequence[LostChance]
    start: datetime.datetime
    zone: ZoneInfo

    def orders(self) -> Iterator[Record]:
        """Yield SalesOrderObj."""
        for sale in self.sales:
            later = [at for at, _ in sale.payments]
            later += [sale.returned[0]] if sale.returned else []
            moments = (sale.placed_at, sale.decided_at, *sorted(later))
            yield self._record(sale, _order_id(sale), moments, self._order_fields)

    def order_lines(self) -> Iterator[Record]:
        """Yield SalesOrderProductObj; all lines of an order change together."""
        for sale in self.sales:
            moments = (sale.placed_at, sale.decided_at) if sale.too_many else (sale.placed_at,)
            for number in range(len(sale.lines)):
                fields = partial(self._line_fields, number)
                yield self._record(sale, _line_id(sale, number), moments, fields)

    def returns(self) -> Iterator[Record]:
        """Yield ReturnedGoodsInvoiceObj."""
        for sale in self.sales:
            if sale.returned:
                at, _ = sale.returned
                record_id = object_id(at, Kind.RETURN, sale.number)
                yield self._record(sale, record_id, (at,), self._return_fields)

    def payments(self) -> Iterator[Record]:
        """Yield PaymentObj, one per part of the amount."""
        for sale in self.sales:
            for part, (at, _) in enumerate(sale.payments):
                record_id = object_id(at, Kind.PAYMENT, 2 * sale.number + part)
                fields = partial(self._payment_fields, part)
                yield self._record(sale, record_id, (at,), fields)

    def opportunities(self) -> Iterator[Record]:
        """Yield NewOpportunityObj: won where there is an order, else lost."""
        for sale in self.sales:
            moments = (sale.opened_at, sale.placed_at)
            yield self._record(sale, _opportunity_id(sale), moments, self._won_fields)
        for number, chance in enumerate(self.lost):
            ends = [chance.deleted_at] if chance.deleted_at else []
            record_id = object_id(chance.opened_at, Kind.OPPORTUNITY, LOST_NUMBERS + number)
            yield Record(
                record_id,
                self.accounts[chance.person].owner,
                (chance.opened_at, chance.lost_at, *ends),
                partial(self._lost_fields, chance),
            )

    def products(self) -> Iterator[Record]:
        """Yield ProductObj."""
        for number, product in enumerate(self.catalogue.products):
            tagged_at = self.start + datetime.timedelta(days=DAYS_BETWEEN_TAGS * (number + 1))
            yield Record(
                product_id(self.start, number),
                number % len(STAFF),
                (self.start, tagged_at),
                partial(_product_fields, product, tagged_at),
            )

    def _record(
        self,
        sale: Sale,
        record_id: str,
        moments: tuple[Moment, ...],
        fields: Callable[[Sale, Moment], Document],
    ) -> Record:
        owner = self.accounts[sale.person].owner
        return Record(record_id, owner, moments, partial(fields, sale))

    def _account(self, person: int) -> Document:
        account = self.accounts[person]
        return {"account_id": account.account_id, "account_id__r": account.name}

    def _order_fields(self, sale: Sale, at: Moment) -> Document:
        amount = sale.amount(at)
        paid = sum(part for paid_at, part in sale.payments if paid_at <= at)
        returned = sale.returned[1] if sale.returned and sale.returned[0] <= at else 0
        is_decided = at >= sale.decided_at
        decision = VOIDED if sale.is_voided else LIVE
        return {
            "name": _order_number(sale),
            **self._account(sale.person),
            "order_time": epoch_of_date(sale.placed_at, self.zone),
            "order_amount": money(amount),
            "product_amount": money(amount),
            "discount": "100",
            "payment_amount": money(paid),
            "receivable_amount": money(amount - paid),
            "returned_goods_amount": money(returned),
            "refund_amount": money(returned),
            **(CONFIRMED if is_decided and not sale.is_voided else IN_REVIEW),
            "life_status": decision if is_decided else UNDER_REVIEW,
            "settle_type": "2",
            "settle_type__r": "赊销",
            "opportunity_id": None,
            "new_opportunity_id": _opportunity_id(sale),
            "submit_time": epoch(sale.placed_at, self.zone),
        }

    def _line_fields(self, number: int, sale: Sale, at: Moment) -> Document:
        line = sale.lines[number]
        product = self.catalogue.products[line.product]
        quantity = sale.quantities(at)[number]
        return {
            "name": f"{_order_number(sale)}-{number + 1}",
            "order_id": _order_id(sale),
            "order_id__r": _order_number(sale),
            "product_id": product_id(self.start, line.product),
            "product_id__r": product.name,
            "quantity": str(quantity),
            "product_price": money(product.price),
            "sales_price": money(line.price),
            "subtotal": money(line.price * quantity),
            "unit": "1",
            "unit__r": UNIT,
        }

    def _return_fields(self, sale: Sale, at: Moment) -> Document:
        reason, label = REASONS[sale.number % len(REASONS)]
        return {
            "name": f"TH{at:%Y%m%d}-{sale.number:06d}",
            **self._account(sale.person),
            "order_id": _order_id(sale),
            "order_id__r": _order_number(sale),
            "returned_goods_inv_amount": money(sale.returned[1] if sale.returned else 0),
            "returned_goods_time": epoch_of_date(at, self.zone),
            "returned_goods_reason": reason,
            "returned_goods_reason__r": label,
        }

    def _payment_fields(self, part: int, sale: Sale, at: Moment) -> Document:
        term, label = TERMS[sale.number % len(TERMS)]
        return {
            "name": f"HK{at:%Y%m%d}-{sale.number:06d}-{part + 1}",
            **self._account(sale.person),
            "order_id": _order_id(sale),
            "order_id__r": _order_number(sale),
            "payment_amount": money(sale.payments[part][1]),
            "payment_time": epoch_of_date(at, self.zone),
            "payment_term": term,
            "payment_term__r": label,
        }

    def _won_fields(self, sale: Sale, at: Moment) -> Document:
        is_won = at >= sale.placed_at
        return {
            **self._chance_fields(sale.person, sale.amount(sale.decided_at), sale.placed_at),
            "sales_stage": "5" if is_won else "2",
            "sales_stage__r": "赢单" if is_won else "方案报价",
            **(WON if is_won else OPEN),
        }

    def _lost_fields(self, chance: LostChance, at: Moment) -> Document:
        is_lost = at >= chance.lost_at
        product = self.catalogue.products[chance.person % len(self.catalogue.products)]
        return {
            **self._chance_fields(chance.person, product.price, chance.lost_at),
            "sales_stage": "6" if is_lost else "1",
            "sales_stage__r": "输单" if is_lost else "验证客户",
            **(LOST if is_lost else OPEN),
            "is_deleted": at == chance.deleted_at,
        }

    def _chance_fields(self, person: int, amount: int, closes_at: Moment) -> Document:
        return {
            "name": f"{self.accounts[person].name}的采购",
            **self._account(person),
            "amount": money(amount),
            "probability_amount": money(amount // 2),
            "close_date": epoch_of_date(closes_at, self.zone),
        }


def product_id(start: Moment, number: int) -> str:
    """Return the id of the product at that place of the catalogue, entered at `start`."""
    return object_id(start, Kind.PRODUCT, number)


def _product_fields(product: Product, tagged_at: Moment, at: Moment) -> Document:
    tag = BEST_TAG if at >= tagged_at else NEW_TAG
    return {
        "name": product.name,
        "product_code": product.sku,
        "product_line": product.brand,
        "product_line__r": product.brand,
        "category": product.category,
        "category__r": product.category,
        "product_spec": None,
        "price": money(product.price),
        "unit": "1",
        "unit__r": UNIT,
        "commodity_label": [tag],
    }


def _order_number(sale: Sale) -> str:
    return f"{sale.placed_at:%Y%m%d}-{sale.number:06d}"


def _order_id(sale: Sale) -> str:
    return object_id(sale.placed_at, Kind.ORDER, sale.number)


def _opportunity_id(sale: Sale) -> str:
    return object_id(sale.opened_at, Kind.OPPORTUNITY, sale.number)


def _line_id(sale: Sale, number: int) -> str:
    return object_id(sale.placed_at, Kind.ORDER_LINE, sale.number * MOST_LINES + number)
