"""Campaigns of Zoho: who took part, which mails went out, who consented, and the tags.

Belongs here: what marketing does with contacts and leads. Does not belong here: the files.
"""

import datetime
from collections.abc import Iterator, Sequence

import numpy as np

from orchestration.sample.spec import HISTORY_DAYS, SampleSpec, Stream
from orchestration.sample.zoho import KnownContact
from orchestration.sample.zoho_leads import Lead
from orchestration.sample.zoho_records import (
    Cells,
    Module,
    Money,
    RecordId,
    Table,
    Value,
    end_of,
    known_by,
    owned,
    pair_labels,
    picked,
    record_id,
    stamped,
)

_BY = pair_labels("Created By", "Modified By")
_STAMPS = ("Created Time", "Modified Time")
CAMPAIGN_LABELS = (
    "Record Id", *pair_labels("Campaign Owner"), "Campaign Name", "Type", "Status", "Start Date",
    "End Date", "Budgeted Cost", "Actual Cost", "Expected Revenue", "Expected Response",
    "Num sent", "Description", *_BY, *_STAMPS, "Tag",
)  # fmt: skip
MEMBER_LABELS = ("Record Id", "Campaign.id", "Lead.id", "Member Status", "Created Time")
EMAIL_LABELS = (
    "Record Id", "Record Name.id", "Module", "Subject", "To", "Sender", "Template Name.id",
    "Status", "No. of Opens", "First Opened", "Last Opened", "Sent Time", "Attachment Name",
    "Created Time",
)  # fmt: skip
CONSENT_LABELS = (
    "Record Id", *pair_labels("Consent Owner"), "Record Name.id", "Module", "Email",
    "Data Processing Basis", "Contact Through Email", "Contact Through Phone",
    "Contact Through Survey", "Contact Through Social", "Consent Date", "Consent Through",
    "Consent Remarks", "Lawful Reason", "Mail Sent Time", *_BY, *_STAMPS,
)  # fmt: skip
TAG_LABELS = ("Record Id", "Tag Name", "Module", "Color Code", *_BY, *_STAMPS)

CAMPAIGN_EVERY_DAYS = 30
CAMPAIGN_DAYS = 7
# A lead is invited to what starts within two months of its creation.
INVITED_DAYS = 60
# A mailing goes to some of the contacts.
MAILED_SHARE = 0.08
OPEN_MINUTES = (5, 600)
TYPES = ("Email", "Webinar", "Trade Show", "Advertisement")
MEMBER_STATUSES = ("Sent", "Sent", "Opened", "Clicked", "Responded")
MAIL_STATUSES = ("Sent", "Sent", "Sent", "Sent", "Opened", "Opened", "Clicked", "Bounced")
SENDER = "news@example.com"
ATTACHMENT = '{"unsubscribe":0}'
# Everybody who opted out has a consent that says so, and some of the others one that agrees.
AGREED_SHARE = 0.05
TAGS = (
    ("VIP", "Contacts"), ("老客户", "Contacts"), ("展会", "Leads"), ("VIP", "Leads"),
    ("老客户", "Leads"), ("VIP", "Accounts"),
)  # fmt: skip


class CampaignBook:
    """All marketing of one sample, ready to be dumped for any night."""

    def __init__(
        self, spec: SampleSpec, contacts: Sequence[KnownContact], leads: Sequence[Lead]
    ) -> None:
        """Draw the campaigns, and what comes of them for `contacts` and `leads`."""
        rng = spec.generator(Stream.ZOHO_CAMPAIGNS)
        self._first_day = datetime.datetime.combine(spec.history_start, datetime.time(10))
        self._starts = [
            self._first_day + datetime.timedelta(days=day)
            for day in range(1, HISTORY_DAYS, CAMPAIGN_EVERY_DAYS)
        ]
        self._members = list(_members(rng, self._starts, leads))
        self._emails = list(_emails(rng, self._starts, contacts))
        agreed = (rng.random(len(contacts)) < AGREED_SHARE).tolist()
        self._consents = [
            _consent(number, contact)
            for number, (contact, agrees) in enumerate(zip(contacts, agreed, strict=True))
            if agrees or contact.is_opted_out
        ]

    def tables(self, night: datetime.date) -> Iterator[Table]:
        """Yield every module of marketing as it stands at the end of `night`."""
        yield Table("Campaigns", CAMPAIGN_LABELS, list(self._campaigns(night)))
        yield Table("CampaignLeadMember", MEMBER_LABELS, known_by(self._members, night))
        yield Table("Emails", EMAIL_LABELS, known_by(self._emails, night))
        yield Table("Consents", CONSENT_LABELS, known_by(self._consents, night))
        yield Table("Tags", TAG_LABELS, list(self._tags()))

    def _campaigns(self, night: datetime.date) -> Iterator[Cells]:
        for number, start in enumerate(self._starts):
            if start > end_of(night):
                return
            end = start + datetime.timedelta(days=CAMPAIGN_DAYS)
            is_over = end <= end_of(night)
            cells: dict[str, Value] = {
                "Record Id": record_id(Module.CAMPAIGNS, number),
                "Campaign Name": f"会员月 {start:%Y-%m}", "Type": TYPES[number % len(TYPES)],
                "Status": "Complete" if is_over else "Active", "Start Date": start.date(),
                "End Date": end.date() if is_over else None, "Budgeted Cost": Money(5_000_00),
                "Actual Cost": Money(4_120_50) if is_over else None,
                "Expected Revenue": Money(50_000_00), "Expected Response": 50,
            }  # fmt: skip
            stamps = stamped(start, end if is_over else start)
            yield cells | owned("Campaign Owner", number) | stamps

    def _tags(self) -> Iterator[Cells]:
        for number, (name, module) in enumerate(TAGS):
            yield {
                "Record Id": record_id(Module.TAGS, number), "Tag Name": name, "Module": module,
                "Color Code": "#57B1FD",
                **owned("Tag Owner", number), **stamped(self._first_day),
            }  # fmt: skip


def _members(
    rng: np.random.Generator, starts: Sequence[datetime.datetime], leads: Sequence[Lead]
) -> Iterator[Cells]:
    invited = [
        (campaign, start, lead)
        for campaign, start in enumerate(starts)
        for lead in leads
        if lead.person is not None and 0 <= (start - lead.created_at).days < INVITED_DAYS
    ]
    statuses = picked(rng, MEMBER_STATUSES, len(invited))
    for number, ((campaign, start, lead), status) in enumerate(zip(invited, statuses, strict=True)):
        yield {
            "Record Id": record_id(Module.CAMPAIGN_MEMBERS, number),
            "Campaign.id": record_id(Module.CAMPAIGNS, campaign), "Lead.id": lead.record_id,
            "Member Status": status, "Created Time": start,
        }  # fmt: skip


def _emails(
    rng: np.random.Generator, starts: Sequence[datetime.datetime], contacts: Sequence[KnownContact]
) -> Iterator[Cells]:
    chosen = [
        (campaign, start, contact)
        for campaign, start in enumerate(starts)
        for contact, draw in zip(contacts, rng.random(len(contacts)).tolist(), strict=True)
        if draw < MAILED_SHARE and contact.email and not contact.is_opted_out
        and contact.created_at < start
    ]  # fmt: skip
    statuses = picked(rng, MAIL_STATUSES, len(chosen))
    minutes = rng.integers(*OPEN_MINUTES, size=len(chosen)).tolist()
    for number, ((campaign, start, contact), status, wait) in enumerate(
        zip(chosen, statuses, minutes, strict=True)
    ):
        is_opened = status in ("Opened", "Clicked")
        opened_at = start + datetime.timedelta(minutes=wait) if is_opened else None
        yield {
            "Record Id": record_id(Module.EMAILS, number),
            "Record Name.id": RecordId(contact.record_id), "Module": "Contacts",
            "Subject": f"会员月 {start:%Y-%m}", "To": contact.email, "Sender": SENDER,
            "Template Name.id": record_id(Module.CAMPAIGNS, campaign), "Status": status,
            "No. of Opens": 1 + number % 2 if is_opened else 0, "First Opened": opened_at,
            "Last Opened": opened_at, "Sent Time": start, "Attachment Name": ATTACHMENT,
            "Created Time": start,
        }  # fmt: skip


def _consent(number: int, contact: KnownContact) -> Cells:
    agrees = not contact.is_opted_out
    return {
        "Record Id": record_id(Module.CONSENTS, number),
        "Record Name.id": RecordId(contact.record_id), "Module": "Contacts",
        "Email": contact.email, "Data Processing Basis": "Consent - Obtained",
        "Contact Through Email": agrees, "Contact Through Phone": True,
        "Contact Through Survey": agrees, "Contact Through Social": False,
        "Consent Date": contact.created_at.date(), "Consent Through": "Email",
        "Consent Remarks": "" if agrees else "退订邮件",
        **owned("Consent Owner", number), **stamped(contact.created_at),
    }  # fmt: skip
