"""Deterministic sample exports of four source systems, and the truth about who is who.

Belongs here: the order in which a sample is drawn and written.
Does not belong here: anything about one system's files, or about people and purchases.
"""

from collections.abc import Callable, Iterable
from pathlib import Path

from orchestration.sample import fxiaoke, shop, shopify, zoho
from orchestration.sample.catalogue import load_catalogue
from orchestration.sample.files import TRUTH_HEADER, Exports, SampleFile, TruthRow, write_csv
from orchestration.sample.orders import draw_orders, split_orders
from orchestration.sample.people import draw_people
from orchestration.sample.spec import SampleSpec

__all__ = ["SampleFile", "SampleSpec", "write_sample"]


def _silent(_message: str) -> None:
    """Take a progress message and say nothing."""


def write_sample(
    spec: SampleSpec, inbox: Path, truth: Path, progress: Callable[[str], None] = _silent
) -> list[SampleFile]:
    """Write all exports under `inbox/<system>/` and who is who as CSV at `truth`.

    The same spec gives the same bytes. Folders are made as needed; files of the same name are
    replaced, others stay. `progress` gets one line of counts per file. Returns the exports,
    by system and then by night; sidecars and the truth are not among them. Raises OSError if a
    file cannot be written.
    """
    people = draw_people(spec)
    catalogue = load_catalogue()
    orders = draw_orders(spec, people, catalogue)
    to_shopify, to_shop = split_orders(spec, people, orders)
    books: dict[str, Exports] = {
        zoho.SYSTEM: zoho.ZohoExports(spec, people),
        fxiaoke.SYSTEM: fxiaoke.FxiaokeExports(spec, people, orders),
        shopify.SYSTEM: shopify.ShopifyExports(spec, people, to_shopify, catalogue),
        shop.SYSTEM: shop.ShopExports(spec, people, to_shop, catalogue),
    }
    written: list[SampleFile] = []
    for system, book in books.items():
        folder = inbox / system
        folder.mkdir(parents=True, exist_ok=True)
        for file in book.write(folder):
            progress(f"{system}: {file.path.name}, {file.rows} rows")
            written.append(file)
    _write_truth(truth, (row for book in books.values() for row in book.truth()))
    return written


def _write_truth(path: Path, rows: Iterable[TruthRow]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    write_csv(
        path,
        TRUTH_HEADER,
        ((r.person_id, r.source_system, r.record_id, r.phone, r.email) for r in rows),
    )
