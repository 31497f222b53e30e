"""Deterministic sample exports of every source system, and the truth about who is who.

Belongs here: the order in which a sample is drawn and written.
Does not belong here: anything about one system's files, or about people and purchases.
"""

from collections.abc import Callable, Iterable
from pathlib import Path

from orchestration.sample import (
    behaviour,
    behaviour_ga4,
    campaigns,
    douyin,
    fxiaoke,
    fxiaoke_objects,
    jd,
    loyalty,
    reference,
    shop,
    shopify,
    shopify_customers,
    surveys,
    taobao,
    wecom,
    youzan,
    zoho,
    zoho_modules,
)
from orchestration.sample.catalogue import load_catalogue
from orchestration.sample.files import TRUTH_HEADER, Exports, SampleFile, TruthRow, write_csv
from orchestration.sample.orders import draw_orders, split_orders
from orchestration.sample.people import draw_people
from orchestration.sample.scale.write import Crowd, small_part, without_later_workbooks
from orchestration.sample.spec import CrowdSpec, SampleSpec

__all__ = ["LARGE_FROM", "CrowdSpec", "SampleFile", "SampleSpec", "write_sample"]

# One by one, so many take a minute and a half and one gigabyte, and both grow with the customers.
LARGE_FROM = 50_000


def _silent(_message: str) -> None:
    """Take a progress message and say nothing."""


def write_sample(
    spec: SampleSpec,
    inbox: Path,
    truth: Path,
    progress: Callable[[str], None] = _silent,
    crowd: CrowdSpec | None = None,
) -> list[SampleFile]:
    """Write all exports under `inbox/<system>/` and who is who as CSV at `truth`.

    The same spec gives the same bytes. Folders are made as needed; files of the same name are
    replaced, others stay. `progress` gets one line of counts per file. Returns the exports,
    by writer and then by night; sidecars and the truth are not among them. Raises OSError if a
    file cannot be written.

    From `LARGE_FROM` customers on, all but the first `DRAWN_SINGLY` are a crowd that is drawn in
    blocks, of which `progress` gets a line each, and appended to the files of those few.
    `crowd` says what these do.
    """
    if spec.customers < LARGE_FROM:
        return _write_drawn(spec, inbox, truth, progress)
    writer = Crowd(spec, inbox, truth, progress, crowd or CrowdSpec())
    drawn = _write_drawn(small_part(spec), inbox, truth, progress)
    return writer.append_to(without_later_workbooks(drawn, spec))


def _write_drawn(
    spec: SampleSpec, inbox: Path, truth: Path, progress: Callable[[str], None]
) -> list[SampleFile]:
    books = _books(spec)
    written: list[SampleFile] = []
    for system, book in books:
        folder = inbox / system
        folder.mkdir(parents=True, exist_ok=True)
        for file in book.write(folder):
            progress(f"{system}: {file.path.name}, {file.rows} rows")
            written.append(file)
    _write_truth(truth, (row for _, book in books for row in book.truth()))
    return written


def _books(spec: SampleSpec) -> list[tuple[str, Exports]]:
    """Return the writers of every system, each with the folder of the inbox it writes to."""
    people = draw_people(spec)
    catalogue = load_catalogue()
    orders = draw_orders(spec, people, catalogue)
    to_shopify, to_shop = split_orders(spec, people, orders)
    contacts = zoho.ZohoExports(spec, people)
    return [
        ("zoho", contacts),
        ("zoho", zoho_modules.ZohoModuleExports(spec, people, contacts, catalogue)),
        ("fxiaoke", fxiaoke.FxiaokeExports(spec, people, orders)),
        ("fxiaoke", fxiaoke_objects.FxiaokeObjectExports(spec, people, catalogue)),
        ("wecom", wecom.WecomExports(spec, people)),
        ("shopify", shopify.ShopifyExports(spec, people, to_shopify, catalogue)),
        (
            "shopify",
            shopify_customers.ShopifyCustomerExports(spec, people, to_shopify, catalogue),
        ),
        ("shop", shop.ShopExports(spec, people, to_shop, catalogue)),
        ("taobao", taobao.TaobaoExports(spec, people, catalogue)),
        ("jd", jd.JdExports(spec, people, catalogue)),
        ("youzan", youzan.YouzanExports(spec, people, catalogue)),
        ("douyin", douyin.DouyinExports(spec, people, catalogue)),
        ("segment", behaviour.SegmentExports(spec, people, catalogue)),
        ("sensors", behaviour.SensorsExports(spec, people, catalogue)),
        ("ga4", behaviour_ga4.Ga4Exports(spec, people, catalogue)),
        ("wenjuanxing", surveys.WenjuanxingExports(spec, people)),
        ("typeform", surveys.TypeformExports(spec, people)),
        ("loyalty", loyalty.LoyaltyExports(spec, people, to_shop, catalogue)),
        ("campaigns", campaigns.CampaignsExports(spec, people)),
        ("reference", reference.ReferenceExports(spec, people, catalogue)),
    ]


def _write_truth(path: Path, rows: Iterable[TruthRow]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    write_csv(
        path,
        TRUTH_HEADER,
        ((r.person_id, r.source_system, r.record_id, r.phone, r.email) for r in rows),
    )
    path.chmod(0o600)
