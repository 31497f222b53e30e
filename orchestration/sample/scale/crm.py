"""Both CRMs in a large sample: Zoho's contacts and Fxiaoke's customers.

Belongs here: their lines. Does not belong here: their columns (zoho.py), and who they are about.

Zoho dumps all contacts nightly. Fxiaoke is queried over its OpenAPI, as no workbook holds so many:
everything on the first night, then what changed.
"""

import hashlib
from typing import Any

from orchestration.sample import fxiaoke, zoho
from orchestration.sample.crm import TOUCH_DAYS
from orchestration.sample.fxiaoke_documents import LIVE
from orchestration.sample.names import STAFF
from orchestration.sample.scale.exports import Export, Family, truth_line
from orchestration.sample.scale.nights import Clock, Night
from orchestration.sample.scale.people import held, person_id
from orchestration.sample.scale.sql import (
    Draw,
    Raw,
    Text,
    csv_line,
    json_line,
    level,
    text,
    texts,
    turn,
)
from orchestration.sample.timeline import EXPORT_TIME

# Zoho's organisation of small samples ends in a zero.
ZOHO_ID = "zcrm_5361161"
ACCOUNT_ID = "4f5c0b0001"
ZOHO_PHONE = "'+86 ' || mobile[1:3] || ' ' || mobile[4:7] || ' ' || mobile[8:]"
FXIAOKE_PHONE = "mobile[1:3] || '-' || mobile[4:7] || '-' || mobile[8:]"
MASKED = "mobile[1:3] || '****' || mobile[8:]"


def zoho_contacts(clock: Clock) -> Family:
    """Return Zoho's contacts."""
    phone, email = held("zoho", ZOHO_PHONE)
    table = f"""
    create or replace temp table contacts as
    select number, family, given, full_name, is_female, city, province, birth_date,
        {text(ZOHO_ID)} || lpad(cast(number as varchar), {zoho.OWN_DIGITS}, '0') as record_id,
        {clock.moment("arrived")} as created_at, {phone} as phone, {email} as email,
        {level("number", Draw.OPTED_OUT)} < {zoho.OPT_OUT_SHARE} as is_opted_out,
        {level("number", Draw.ENGLISH)} < {zoho.ENGLISH_COUNTRY_SHARE} as is_english
    from people where in_zoho
    """
    export = Export(
        zoho.SYSTEM,
        lambda night: f"Contacts_{night.date:%Y_%m_%d}.csv",
        _contact_lines,
        header=",".join(zoho.HEADER),
    )
    line = truth_line(person_id(), zoho.SYSTEM, "record_id", "phone", "email")
    return Family([table], [export], [f"select {line} as line from contacts"])


def _touched(night: Night) -> str:
    """Return the last change of a record up to a night."""
    age = f"({night.day} - cast(created_at as date))"
    return f"(created_at + to_days(cast({age} // {TOUCH_DAYS} * {TOUCH_DAYS} as integer)))"


def _contact_lines(night: Night) -> str:
    staff = [zoho.STAFF_ID.format(zoho.FIRST_STAFF_NUMBER + n) for n in range(len(STAFF))]
    cells = {
        "Record Id": "record_id",
        "Lead Source": turn(zoho.LEAD_SOURCES, "number"),
        "First Name": "given",
        "Last Name": "family",
        "Email": "email",
        "Mobile": "phone",
        "Created Time": "created_at",
        "Contact Name": "full_name",
        "Email Opt Out": "is_opted_out",
        "Salutation": "if(is_female, 'Ms.', 'Mr.')",
        "Unsubscribed Mode": "if(is_opted_out, 'Manual', '')",
        "Unsubscribed Time": "if(is_opted_out, created_at, null)",
        "Locked": "'false'",
        "Mailing City": "city",
        "Mailing State": "province",
        "Mailing Country": "if(is_english, 'China', '中国')",
        "Date of Birth": "birth_date",
    }
    for role in ("Contact Owner", "Created By", "Modified By"):
        cells[role] = turn(STAFF, "number")
        cells[f"{role}.id"] = turn(staff, "number")
    for label in ("Modified Time", "Last Activity Time", "Change Log Time"):
        cells[label] = "touched_at"
    return f"""
    select {csv_line(zoho.HEADER, cells)} as line
    from (select *, {_touched(night)} as touched_at from contacts where created_at < {night.end})
    """


def fxiaoke_accounts(clock: Clock) -> Family:
    """Return Fxiaoke's customers."""
    phone, email = held("fxiaoke", FXIAOKE_PHONE)
    is_masked = f"{level('number', Draw.MASKED)} < {fxiaoke.MASKED_SHARE} and email != ''"
    delay = f"to_minutes({fxiaoke.ENTRY_DELAY_MINUTES})"
    table = f"""
    create or replace temp table accounts as
    select * replace (if({is_masked} and phone != '', masked, phone) as phone),
        printf('%08x', cast(epoch(created_at) as bigint)) || {text(ACCOUNT_ID)}
        || printf('%06x', number) as record_id
    from (
        select number, full_name, city, province, address, {MASKED} as masked,
            {clock.moment("arrived")} + {delay} as created_at,
            {phone} as phone, {email} as email,
            cast(least(2, shop_orders + shopify_orders) as integer) as deals
        from people where in_fxiaoke
    )
    """
    export = Export(
        fxiaoke.SYSTEM,
        lambda night: f"AccountObj_{night.date:%Y%m%d}_{EXPORT_TIME:%H%M%S}.jsonl",
        lambda night: _account_lines(night, clock),
    )
    line = truth_line(person_id(), fxiaoke.SYSTEM, "record_id", "phone", "email")
    return Family([table], [export], [f"select {line} as line from accounts"])


def _account() -> dict[str, Any]:
    return {
        "_id": Text("record_id"),
        "object_describe_api_name": "AccountObj",
        "record_type": "default__c",
        "life_status": LIVE,
        "lock_status": "0",
        "is_deleted": False,
        "name": Text("full_name"),
        "account_no": Text("'KH' || strftime(created_at, '%Y%m%d') || '-' || number"),
        "account_source__r": Text(turn(fxiaoke.SOURCES, "number")),
        "account_level__r": Text(turn(fxiaoke.LEVELS, "number")),
        "industry_level1__r": "个人消费者",
        "tel": Text("phone"),
        "email": Text("email"),
        "country__r": "中国",
        "province__r": Text("province"),
        "city__r": Text("city"),
        "address": Text("address"),
        "deal_status__r": Text(f"{texts(fxiaoke.DEAL_STATUSES)}[1 + deals]"),
        "claimed_time": Raw("created_ms"),
        "last_followed_time": Raw("touched_ms"),
        "owner": [Text("owner_id")],
        "owner__r": {"id": Text("owner_id"), "name": Text("owner")},
        "create_time": Raw("created_ms"),
        "last_modified_time": Raw("touched_ms"),
        "version": Text("version"),
    }


def _account_lines(night: Night, clock: Clock) -> str:
    users = [hashlib.blake2b(name.encode(), digest_size=16).hexdigest().upper() for name in STAFF]
    changed = "" if night.is_first else f"where touched_at >= {night.day}"
    return f"""
    select {json_line(_account())} as line
    from (
        select *, {clock.epoch("created_at")} as created_ms,
            {clock.epoch("touched_at")} as touched_ms, {turn(STAFF, "number")} as owner,
            {turn([f"FSUID_{user}" for user in users], "number")} as owner_id,
            1 + (cast(touched_at as date) - cast(created_at as date)) // {TOUCH_DAYS} as version
        from (
            select *, {_touched(night)} as touched_at from accounts where created_at < {night.end}
        )
        {changed}
    )
    """
