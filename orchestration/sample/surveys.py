"""Two surveys: recommendation in Wenjuanxing (问卷星), satisfaction in Typeform.

Belongs here: the files' columns and spellings; every export states a survey from its beginning.
Does not belong here: who answers what (surveys_book.py).
"""

import datetime
import uuid
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import xlsxwriter

from orchestration.sample.behaviour import utc_of
from orchestration.sample.files import SampleFile, TruthRow, write_csv
from orchestration.sample.people import People
from orchestration.sample.spec import SampleSpec
from orchestration.sample.surveys_book import Response, draw_responses
from orchestration.sample.timeline import EXPORT_TIME

WENJUANXING_SYSTEM, TYPEFORM_SYSTEM = "wenjuanxing", "typeform"
WENJUANXING, TYPEFORM = range(2)

RECOMMENDATION = "会员推荐意愿调查"
RECOMMENDATION_SCALE = (0, 10)
WENJUANXING_HEADER = (
    "序号", "提交答卷时间", "所用时间", "来源", "来源详情", "来自IP",
    "1、您向朋友推荐我们的可能性有多大？", "2、您打分的主要原因是什么？", "3、您的手机号",
)  # fmt: skip
CHANNELS = ("微信", "手机提交", "链接")
REASONS = ("物流很快", "客服态度好", "价格偏高", "包装破损", "商品质量不错")
SKIPPED = "(空)"
# Addresses that are reserved for examples by RFC 5737.
NETWORK = "203.0.113"
HOSTS = 254

SATISFACTION = "service_satisfaction"
SATISFACTION_SCALE = (1, 5)
TYPEFORM_HEADER = (
    "#", "How satisfied are you with our service?", "What could we do better?", "Your e-mail",
    "Response Type", "Start Date (UTC)", "Stage Date (UTC)", "Submit Date (UTC)", "Network ID",
    "Tags", "Ending",
)  # fmt: skip
WISHES = ("Faster delivery, please", "More sizes", "Answer the phone", "Nothing, keep going")


class WenjuanxingExports:
    """All answers to the survey on recommendation, ready to be exported for any night."""

    def __init__(self, spec: SampleSpec, people: People) -> None:
        """Draw the answers; what was not submitted does not exist here."""
        drawn = draw_responses(spec, people, WENJUANXING, RECOMMENDATION_SCALE)
        self._spec = spec
        self._people = people
        self._responses = [response for response in drawn if response.submitted_at]

    def truth(self) -> Iterator[TruthRow]:
        """Yield one row per answer; its number is unique within the survey."""
        for number, response in enumerate(self._responses, start=1):
            phone = self._people.mobile[response.person] if response.is_named else ""
            person_id = self._people.person_id[response.person]
            yield TruthRow(person_id, WENJUANXING_SYSTEM, f"{RECOMMENDATION}:{number}", phone, "")

    def write(self, folder: Path) -> Iterator[SampleFile]:
        """Write one export per night into `folder`, oldest night first."""
        for night in self._spec.night_dates():
            path = folder / f"{RECOMMENDATION}_{night:%Y%m%d}.xlsx"
            count = _write_workbook(path, night, WENJUANXING_HEADER, self._rows_of(night))
            yield SampleFile(path, WENJUANXING_SYSTEM, night, count)

    def _rows_of(self, night: datetime.date) -> Iterator[list[str]]:
        for number, response in enumerate(self._responses, start=1):
            at = response.submitted_at
            if at is None or at.date() > night:
                continue
            reason = None if response.comment is None else REASONS[response.comment % len(REASONS)]
            host = response.person % HOSTS + 1
            city = self._people.place[response.person].city
            yield [
                str(number),
                f"{at:%Y/}{at.month}/{at.day} {at:%H:%M:%S}",
                f"{response.seconds}秒",
                CHANNELS[number % len(CHANNELS)],
                "N/A",
                f"{NETWORK}.{host}({city})",
                str(response.score),
                reason or SKIPPED,
                self._people.mobile[response.person] if response.is_named else SKIPPED,
            ]


class TypeformExports:
    """All responses to the form on satisfaction, ready to be exported for any night."""

    def __init__(self, spec: SampleSpec, people: People) -> None:
        """Draw the responses."""
        self._spec = spec
        self._people = people
        self._responses = draw_responses(spec, people, TYPEFORM, SATISFACTION_SCALE)

    def truth(self) -> Iterator[TruthRow]:
        """Yield one row per response."""
        for response in self._responses:
            person_id = self._people.person_id[response.person]
            token, email = self._token(response), self._email(response)
            yield TruthRow(person_id, TYPEFORM_SYSTEM, token, "", email)

    def write(self, folder: Path) -> Iterator[SampleFile]:
        """Write one export per night into `folder`, oldest night first."""
        for night in self._spec.night_dates():
            path = folder / f"{SATISFACTION}_{night.isoformat()}.csv"
            made = (r for r in self._responses if r.started_at.date() <= night)
            count = write_csv(path, TYPEFORM_HEADER, map(self._row, made))
            yield SampleFile(path, TYPEFORM_SYSTEM, night, count)

    def _row(self, response: Response) -> list[str]:
        wish = "" if response.comment is None else WISHES[response.comment % len(WISHES)]
        is_complete = response.submitted_at is not None
        return [
            self._token(response),
            str(response.score),
            wish if is_complete else "",
            self._email(response),
            "completed" if is_complete else "partial",
            self._utc_text(response.started_at),
            "" if is_complete else self._utc_text(response.started_at),
            self._utc_text(response.submitted_at) if response.submitted_at else "",
            uuid.uuid5(uuid.NAMESPACE_URL, self._people.person_id[response.person]).hex[:10],
            "",
            "Default Thank you screen" if is_complete else "",
        ]

    def _token(self, response: Response) -> str:
        name = f"{self._spec.seed}/{SATISFACTION}/{response.number}"
        return uuid.uuid5(uuid.NAMESPACE_URL, name).hex

    def _email(self, response: Response) -> str:
        is_known = response.is_named and response.submitted_at is not None
        return self._people.email[response.person] if is_known else ""

    def _utc_text(self, at: datetime.datetime) -> str:
        return f"{utc_of(at, self._spec.zone):%Y-%m-%d %H:%M:%S}"


def _write_workbook(
    path: Path, night: datetime.date, header: Sequence[str], rows: Iterable[Sequence[str]]
) -> int:
    count = 0
    with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as book:
        # The only wall-clock value that a workbook would otherwise carry.
        book.set_properties({"created": datetime.datetime.combine(night, EXPORT_TIME)})
        sheet = book.add_worksheet("Sheet1")
        for column, label in enumerate(header):
            sheet.write_string(0, column, label)
        for count, row in enumerate(rows, start=1):
            for column, cell in enumerate(row):
                if cell:
                    sheet.write_string(count, column, cell)
    return count
