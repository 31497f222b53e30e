"""Fxiaoke (纷享销客): the objects beside the customers, night by night.

Belongs here: which files a night has. Does not belong here: what is in them.
"""

import datetime
from collections.abc import Iterable, Iterator
from pathlib import Path

from orchestration.sample.catalogue import Catalogue
from orchestration.sample.files import SampleFile, TruthRow
from orchestration.sample.fxiaoke import SYSTEM
from orchestration.sample.fxiaoke_accounts import load_accounts
from orchestration.sample.fxiaoke_contacts import TAG_WORKBOOK, WORKBOOK, ContactExport, tag_rows
from orchestration.sample.fxiaoke_documents import Record, changed_documents, write_lines
from orchestration.sample.fxiaoke_leads import Leads, activities
from orchestration.sample.fxiaoke_orders import SalesObjects
from orchestration.sample.fxiaoke_sales import draw_lost_chances, draw_sales
from orchestration.sample.people import People
from orchestration.sample.spec import SampleSpec
from orchestration.sample.timeline import EXPORT_TIME

# When the company set up its products and tags, on the first day of the history.
SET_UP_TIME = datetime.time(9)


class FxiaokeObjectExports:
    """All of Fxiaoke but its customers, ready to be exported for any night.

    Contacts are dumped to Excel every night, tags on the first one. The other objects are queried
    over the OpenAPI: everything on the first night, then what changed, if anything did.
    """

    def __init__(self, spec: SampleSpec, people: People, catalogue: Catalogue) -> None:
        """Draw what Fxiaoke holds of `people`, and what they order in quantity."""
        self._spec = spec
        self._start = datetime.datetime.combine(spec.history_start, SET_UP_TIME)
        accounts = load_accounts(spec, people)
        self._contacts = ContactExport(spec, people, accounts)
        self._leads = Leads(spec, people, accounts, self._contacts.ids)
        sales = SalesObjects(
            accounts,
            catalogue,
            draw_sales(spec, people, catalogue),
            draw_lost_chances(spec, people),
            self._start,
            spec.zone,
        )
        self._objects: dict[str, list[Record]] = {
            "LeadsObj": list(self._leads.records()),
            "NewOpportunityObj": list(sales.opportunities()),
            "SalesOrderObj": list(sales.orders()),
            "SalesOrderProductObj": list(sales.order_lines()),
            "ReturnedGoodsInvoiceObj": list(sales.returns()),
            "PaymentObj": list(sales.payments()),
            "ProductObj": list(sales.products()),
            "ActiveRecordObj": list(activities(spec, people, accounts)),
        }

    def truth(self) -> Iterator[TruthRow]:
        """Yield one row per contact and one per lead."""
        yield from self._contacts.truth()
        yield from self._leads.truth()

    def write(self, folder: Path) -> Iterator[SampleFile]:
        """Write every night's files into `folder`, oldest night first."""
        first, *_ = self._spec.night_dates()
        for night in self._spec.night_dates():
            path = folder / f"联系人对象导出结果_{night:%Y%m%d}.xlsx"
            count = WORKBOOK.write(path, night, self._contacts.rows(night))
            yield SampleFile(path, SYSTEM, night, count)
            if night == first:
                path = folder / f"标签_{night:%Y%m%d}.xlsx"
                count = TAG_WORKBOOK.write(path, night, tag_rows(self._spec, self._start))
                yield SampleFile(path, SYSTEM, night, count)
            for name, records in self._objects.items():
                yield from self._query(folder, name, records, night, night == first)

    def _query(
        self, folder: Path, name: str, records: Iterable[Record], night: datetime.date,
        is_first: bool,
    ) -> Iterator[SampleFile]:  # fmt: skip
        path = folder / f"{name}_{night:%Y%m%d}_{EXPORT_TIME:%H%M%S}.jsonl"
        documents = changed_documents(name, records, night, self._spec.zone, is_first)
        count = write_lines(path, documents)
        if count:
            yield SampleFile(path, SYSTEM, night, count)
